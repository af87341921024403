import { finiteValues } from '../../analysis/matchers.ts';
import { patternSamples } from '../../witness/labels/pattern.ts';
import { groupingOf, inhibits, receiversOf } from './evaluate.ts';
import {
  allRoutes,
  type InhibitRule,
  type LabelMatcher,
  type Labels,
  type RouteNode,
  type Routing,
} from './routing.ts';

/** Label sets that between them reach every way through a route tree. */
export interface Probes {
  sets: readonly Labels[];
  /** True: whatever labels an alert has, one of these sets goes where it goes. */
  complete: boolean;
}

/** More label sets than this are not tried one by one. */
const MAX_SETS = 20_000;
/** Samples of a pattern that stand for all that it matches. */
const SAMPLES = 2;
/** A value that no file names. */
const OTHER = 'something-else';

/** Label sets for a file: every combination of the values that its matchers tell apart; where those are too many, those around each route. */
export function probesOf({ root }: Routing): Probes {
  const matchers = [...allRoutes(root)].flatMap((route) => route.matchers);
  const { values, exact } = valuesOf(matchers);
  const count = [...values.values()].reduce((product, each) => product * each.length, 1);
  if (count <= MAX_SETS) return { sets: product([...values]), complete: exact };
  const sets = pathsTo(root, []).flatMap((path) => {
    const base = satisfy(path);
    return [base, ...[...values].flatMap(([label, each]) => each.map((value) => ({ ...base, [label]: value })))];
  });
  return { sets: sets.slice(0, MAX_SETS), complete: false };
}

/** The first probe that the two files send to different receivers; null where none does. */
export function tellRoutes(before: Routing, after: Routing, { sets }: Probes): Labels | null {
  return (
    sets.find((labels) => receiversOf(before, labels).join('\n') !== receiversOf(after, labels).join('\n')) ?? null
  );
}

/** The first probe that the two files group by different labels; null where there is none. */
export function tellGrouping(before: Routing, after: Routing, { sets }: Probes): Labels | null {
  return sets.find((labels) => groupingOf(before, labels).join('\n') !== groupingOf(after, labels).join('\n')) ?? null;
}

/** A pair of alerts of which one silences the other in just one of the two files; null where none was found. */
export function tellInhibition(before: Routing, after: Routing): { source: Labels; target: Labels } | null {
  for (const rule of before.inhibitRules) {
    for (const pair of pairsFor(rule)) {
      if (inhibits(before, pair.source, pair.target) !== inhibits(after, pair.source, pair.target)) return pair;
    }
  }
  return null;
}

/** A pair that the rule is about, and others that miss it in one label. */
function pairsFor({ source, target, equal }: InhibitRule): { source: Labels; target: Labels }[] {
  const shared = Object.fromEntries(equal.map((label) => [label, 'same']));
  const from = { ...shared, ...satisfy(source) };
  const to = { ...shared, ...satisfy(target) };
  const missing = (labels: Labels, matchers: readonly LabelMatcher[]) =>
    matchers.map(({ label }) => ({ ...labels, [label]: OTHER }));
  return [
    { source: from, target: to },
    ...equal.map((label) => ({ source: from, target: { ...to, [label]: OTHER } })),
    ...missing(from, source).map((each) => ({ source: each, target: to })),
    ...missing(to, target).map((each) => ({ source: from, target: each })),
  ];
}

/** Labels that pass matchers, as far as one value a label can. */
function satisfy(matchers: readonly LabelMatcher[]): Labels {
  const { values } = valuesOf(matchers);
  return Object.fromEntries(
    [...values].flatMap(([label, each]) => {
      const own = matchers.filter((matcher) => matcher.label === label);
      const fitting = each.find((value) =>
        own.every(({ op, value: wanted, pattern }) =>
          pattern === null ? (value === wanted) === (op === '=') : pattern.test(value) === (op === '=~'),
        ),
      );
      return fitting === undefined || fitting === '' ? [] : [[label, fitting]];
    }),
  );
}

function pathsTo(node: RouteNode, above: readonly LabelMatcher[]): LabelMatcher[][] {
  const path = [...above, ...node.matchers];
  return [path, ...node.routes.flatMap((child) => pathsTo(child, path))];
}

/** For each label the values that its matchers tell apart: those they name, one that none names, and none at all. */
function valuesOf(matchers: readonly LabelMatcher[]): { values: Map<string, string[]>; exact: boolean } {
  const values = new Map<string, Set<string>>();
  let exact = true;
  for (const { label, op, value } of matchers) {
    const found = values.get(label) ?? new Set<string>();
    values.set(label, found);
    const isPattern = op === '=~' || op === '!~';
    const finite = isPattern ? finiteValues({ label, op: '=~', value, from: 0, to: 0 }) : [value];
    if (finite === null) exact = false;
    for (const each of finite ?? patternSamples(value, SAMPLES)) found.add(each);
  }
  return { values: new Map([...values].map(([label, found]) => [label, [...new Set([...found, OTHER, ''])]])), exact };
}

function product(values: readonly (readonly [string, readonly string[]])[]): Labels[] {
  let sets: Record<string, string>[] = [{}];
  for (const [label, each] of values) {
    sets = sets.flatMap((set) => each.map((value) => (value === '' ? set : { ...set, [label]: value })));
  }
  return sets;
}
