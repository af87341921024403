import { inhibits } from '../../audit/mutants/alertmanager/evaluate.ts';
import type { Routing } from '../../audit/mutants/alertmanager/routing.ts';
import type { Script } from './script.ts';
import { type Sources, selectorsOf, selects } from './selects.ts';

/** A script and the labels of the alerts that it fires. */
export interface LaneMember {
  readonly script: Script;
  readonly firing: readonly Readonly<Record<string, string>>[];
}

/**
 * Sorts scripts into lanes, each a monitoring pair of its own, so that no two of a lane disturb each other: the series of one must not reach
 * the rule of another that no label keeps apart, and no alert may inhibit that of another. Scripts with a context are placed first; others
 * get lanes without them, since their alerts could not be told apart.
 */
export function assignLanes(members: readonly LaneMember[], sources: Sources, routing: Routing): LaneMember[][] {
  const marked = members.filter(({ script }) => script.context !== null);
  const bare = members.filter(({ script }) => script.context === null);
  const lanes = colour(marked, (a, b) => silences(a, b, routing));
  const apart = colour(
    bare,
    (a, b) => a.script.rule.name === b.script.rule.name || mixes(a, b, sources) || silences(a, b, routing),
  );
  return [...lanes, ...apart];
}

/** Greedy colouring: each in the first lane where it has no enemy. */
function colour(members: readonly LaneMember[], enemies: (a: LaneMember, b: LaneMember) => boolean): LaneMember[][] {
  const lanes: LaneMember[][] = [];
  for (const member of members) {
    const lane = lanes.find((each) => !each.some((other) => enemies(member, other)));
    if (lane === undefined) lanes.push([member]);
    else lane.push(member);
  }
  return lanes;
}

/** Whether the series of one could reach the rule of the other. */
function mixes(a: LaneMember, b: LaneMember, sources: Sources): boolean {
  return reaches(a, b, sources) || reaches(b, a, sources);
}

function reaches(from: LaneMember, to: LaneMember, sources: Sources): boolean {
  const { rule } = to.script;
  const selectors = [...sources.behind(rule), rule].flatMap(({ ast }) => selectorsOf(ast));
  return from.script.series.some(({ labels }) => selectors.some((selector) => selects(selector, labels)));
}

function silences(a: LaneMember, b: LaneMember, routing: Routing): boolean {
  return a.firing.some((one) =>
    b.firing.some((other) => inhibits(routing, one, other) || inhibits(routing, other, one)),
  );
}
