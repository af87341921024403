import { stringify } from 'yaml';
import type { MutantTally, Survivor } from '../tally.ts';
import type { TestFault } from '../test-fault.ts';
import type { RoutingTest } from './cases.ts';
import { groupingOf, inhibits, receiversOf } from './evaluate.ts';
import { type RoutingMutant, routingMutants } from './mutate.ts';
import { type Probes, probesOf, tellGrouping, tellInhibition, tellRoutes } from './probes.ts';
import type { LabelMatcher, RouteNode, Routing } from './routing.ts';

/** An Alertmanager file in the report. */
export interface RoutingReport {
  file: string;
  /** How many tests were held against it. */
  tests: number;
  /** Null where a test fails for the file as it is. */
  mutants: MutantTally | null;
}

/** Tests to judge by, and whether people wrote them. */
export interface RoutingTests {
  tests: readonly (RoutingTest & { line?: number })[];
  /** The file that holds them; null for those that come from the Alertmanager file itself. */
  file: string | null;
}

/** Which mutants of an Alertmanager file its tests notice. */
export function judgeRouting(
  routing: Routing,
  { tests, file }: RoutingTests,
): { report: RoutingReport; faults: TestFault[] } {
  const failing = tests.filter((test) => !test.holds(routing));
  const report = { file: routing.path, tests: tests.length };
  if (failing.length > 0) {
    const faults = failing.map(({ name, line = 1 }) => {
      return {
        id: 'test-fails' as const,
        file: file ?? routing.path,
        line,
        alert: null,
        reason: `${name}: it does not hold for ${routing.path} as it is`,
      };
    });
    return { report: { ...report, mutants: null }, faults };
  }
  const probes = probesOf(routing);
  const mutants = routingMutants(routing);
  const left = mutants.filter(({ routing: changed }) => tests.every((test) => test.holds(changed)));
  const equivalents: MutantTally['equivalents'][number][] = [];
  const survived: Survivor[] = [];
  const made = new Set<string>();
  let killed = mutants.length - left.length;
  for (const mutant of left) {
    const { operator, what, line, diff } = mutant;
    const found = tell(routing, mutant, probes);
    if ('equivalent' in found) equivalents.push({ operator, what: `line ${line}: ${what}`, reason: found.equivalent });
    else if (file === null && found.killer !== null) {
      // Where nobody gave cases they are made, beyond the audited alerts too.
      made.add(found.killer);
      killed += 1;
    } else survived.push({ operator, what, line, diff, ...reasonFor(mutant, tests, found), killer: found.killer });
  }
  const tally = { total: mutants.length, killed, equivalent: equivalents.length, survived, equivalents };
  return { report: { ...report, tests: tests.length + made.size, mutants: tally }, faults: [] };
}

function reasonFor(
  { operator }: RoutingMutant,
  tests: readonly RoutingTest[],
  { lack }: { lack: string | null },
): Pick<Survivor, 'reason' | 'lack'> {
  const about = operator === 'inhibition' ? 'inhibition' : operator === 'group_by' ? 'grouping' : 'routes';
  return tests.some((test) => test.about === about)
    ? { reason: 'fixture too poor', lack }
    : { reason: 'untested', lack: null };
}

/** What tells a mutant from the file: a case for people to add, or why there can be none. */
function tell(
  routing: Routing,
  { operator, routing: changed, line, what }: RoutingMutant,
  probes: Probes,
): { equivalent: string } | { lack: string | null; killer: string | null } {
  if (operator === 'group_by') {
    const label = what.replace('group_by without ', '');
    const fixed = fixedOnPath(routing.root, line, label);
    if (fixed !== null) return { equivalent: fixed };
    const told = tellGrouping(routing, changed, probes);
    if (told === null && probes.complete) return { equivalent: 'no alert ends in this route' };
    const killer =
      told === null
        ? null
        : stringify({
            routes: [{ labels: told, receivers: receiversOf(routing, told), group_by: groupingOf(routing, told) }],
          });
    return { lack: `no two alerts of this route that differ in ${label} alone`, killer };
  }
  if (operator === 'inhibition') {
    const pair = tellInhibition(routing, changed);
    if (pair === null) return { lack: null, killer: null };
    const inhibited = inhibits(routing, pair.source, pair.target);
    return {
      lack: 'no pair of alerts that only this tells apart',
      killer: stringify({ inhibitions: [{ ...pair, inhibited }] }),
    };
  }
  const labels = tellRoutes(routing, changed, probes);
  if (labels !== null) {
    return {
      lack: 'no alert with the labels that only this tells apart',
      killer: stringify({ routes: [{ labels, receivers: receiversOf(routing, labels) }] }),
    };
  }
  return probes.complete ? { equivalent: 'no labels of an alert tell the two apart' } : { lack: null, killer: null };
}

/** Why a grouping label never splits the alerts of a route; null where it may. */
function fixedOnPath(root: RouteNode, line: number, label: string): string | null {
  const walk = (node: RouteNode, above: readonly LabelMatcher[]): string | null | undefined => {
    const path = [...above, ...node.matchers];
    if (node.line === line) {
      if (node.groupBy.includes('...')) return 'group_by has ..., which is every label';
      return path.some((matcher) => matcher.label === label && matcher.op === '=')
        ? `every alert of this route has the same ${label}`
        : null;
    }
    for (const child of node.routes) {
      const found = walk(child, path);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(root, []) ?? null;
}
