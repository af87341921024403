import { printDuration } from '../../promql/print.ts';
import { equivalence } from './equivalent.ts';
import type { MutableRule, Mutant } from './mutant.ts';
import type { MutantFate } from './suite.ts';

/** A mutant that no test noticed. */
export interface Survivor {
  operator: string;
  /** What was changed, in one line. */
  what: string;
  /** Where it stands in the file, from 1; left out where that is the rule's own line. */
  line?: number;
  /** The rule before and after, as the lines of a diff. */
  diff: readonly string[];
  /** `survived`: the tests saw it and passed; `fixture too poor`: their series hold nothing that could tell; `untested`: no test names the alert. */
  reason: 'survived' | 'fixture too poor' | 'untested';
  /** What a fixture too poor would need, in words; null for any other. */
  lack: string | null;
  /** A test for promtool that kills it, as YAML; null where none was found. */
  killer: string | null;
}

/** A mutant that no test could notice, and why. */
export interface Equivalent {
  operator: string;
  what: string;
  reason: string;
}

/** What the mutants of one alert came to. Mutants that Prometheus would not load are not among them. */
export interface MutantTally {
  total: number;
  killed: number;
  equivalent: number;
  survived: readonly Survivor[];
  equivalents: readonly Equivalent[];
}

/** Sorts the mutants of an alert by their fates; one without a fate was never run, for want of a test. */
export function tallyMutants(
  rule: MutableRule,
  fates: ReadonlyMap<Mutant, MutantFate>,
  mutants: readonly Mutant[],
  judge: (mutant: Mutant) => Pick<Survivor, 'reason' | 'lack' | 'killer'>,
): MutantTally {
  const valid = mutants.filter((mutant) => fates.get(mutant)?.outcome !== 'invalid');
  const left = valid.filter((mutant) => fates.get(mutant)?.outcome !== 'killed');
  const equivalents: Equivalent[] = [];
  const survived: Survivor[] = [];
  for (const mutant of left) {
    const { operator, what } = mutant;
    const reason = equivalence(rule, mutant);
    if (reason !== null) equivalents.push({ operator, what, reason });
    else survived.push({ operator, what, diff: diffOf(rule, mutant), ...judge(mutant) });
  }
  return {
    total: valid.length,
    killed: valid.length - left.length,
    equivalent: equivalents.length,
    survived,
    equivalents,
  };
}

/** Killed mutants among those that a test could kill; null where there is none. */
export function scoreOf(tallies: readonly Pick<MutantTally, 'total' | 'killed' | 'equivalent'>[]): number | null {
  const countable = tallies.reduce((sum, { total, equivalent }) => sum + total - equivalent, 0);
  return countable === 0 ? null : tallies.reduce((sum, { killed }) => sum + killed, 0) / countable;
}

function diffOf(rule: MutableRule, { change }: Mutant): string[] {
  const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const duration = (ms: number) => (ms === 0 ? 'none' : printDuration(ms));
  const fields = (of: Partial<MutableRule>) => [
    ...(of.alert === undefined ? [] : [`alert: ${of.alert}`]),
    ...(of.expr === undefined ? [] : [flat(of.expr)]),
    ...(of.forMs === undefined ? [] : [`for: ${duration(of.forMs)}`]),
    ...(of.keepFiringForMs === undefined ? [] : [`keep_firing_for: ${duration(of.keepFiringForMs)}`]),
    ...Object.entries(of.labels ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  const [before, after] = [fields(rule), fields({ ...rule, ...change })];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
