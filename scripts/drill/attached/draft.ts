import type { WitnessSeries } from '../../../monitoring/audit/witness/types.ts';
import { DRILL_LABEL, ownLabel } from '../../../monitoring/drill/attached/apart.ts';
import type { CaseInput } from '../../../monitoring/drill/synthetic/case.ts';
import type { Draft, Waits } from '../../../monitoring/drill/synthetic/draft.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { unitsOf } from '../../../monitoring/drill/synthetic/units.ts';

/** Prometheus's own look-back. */
const LOOKBACK_MS = 300_000;

/** The series of an input with the label of a drill. */
export function marked(input: CaseInput, id: string): CaseInput {
  const mark = (series: readonly WitnessSeries[]) =>
    series.map((one) => ({ ...one, labels: { ...one.labels, [DRILL_LABEL]: `firedrill-${id}` } }));
  const { healthy, faulty, near, episode } = input;
  return {
    ...input,
    healthy: healthy === null ? null : mark(healthy),
    faulty: mark(faulty),
    near: near === null ? null : { ...near, series: mark(near.series) },
    episode: episode === null ? null : mark(episode),
  };
}

/** A case in real time, with a value of its own for the label that tells it apart. */
export function draftOf(
  input: CaseInput,
  sources: Sources,
  {
    id,
    waits,
    source: { evaluationIntervalMs },
  }: {
    readonly id: string;
    readonly waits: Omit<Waits, 'beforeMs'>;
    readonly source: { readonly evaluationIntervalMs: number };
  },
): Draft {
  const { rule } = input;
  const behind = sources.behind(rule);
  const units = unitsOf([rule], sources);
  const intervalMs = Math.max(
    ...[...behind, rule].map(({ groupIntervalMs }) => groupIntervalMs ?? evaluationIntervalMs),
  );
  const label = ownLabel(rule, sources) ?? DRILL_LABEL;
  return {
    id: `firedrill-${id}-${rule.id}`,
    input,
    unit: units.find((unit) => unit.rules.includes(rule)) as Draft['unit'],
    units,
    rules: [...behind, rule],
    stepMs: intervalMs,
    clock: {
      factor: 1,
      limitedBy: 'real time',
      wallEvaluationMs: intervalMs,
      // Rules that are evaluated more often than the series were thought to be scraped need samples in between.
      wallSampleMs: Math.min(input.intervalMs, intervalMs),
      wallLookbackMs: LOOKBACK_MS,
    },
    waits: { ...waits, beforeMs: 2 * intervalMs },
    soon: 1,
    context: { label, value: `firedrill-${id}-${rule.id}` },
  };
}
