import type { DrillMode } from '../../../thresholds/verdict.ts';
import type { SyntheticCase } from './case.ts';
import { evaluationMs } from './clock.ts';
import type { Draft } from './draft.ts';

/** Wall time for which an alert that always fires is watched. */
const WATCHED_MS = 4_000;

/** An alert that no series can silence: it must fire from the first evaluation on, and be delivered. */
export function alwaysCase({ id, input, unit, units, clock }: Draft, mode: DrillMode): SyntheticCase {
  const { rule } = input;
  const hold = Math.ceil(rule.forMs / evaluationMs(clock)) * evaluationMs(clock);
  const firingMs = hold;
  return {
    id,
    rule,
    unit,
    units,
    mode,
    clock,
    scripts: [{ id: `${id}.fault`, rule, role: 'fault', context: null, series: [], description: 'it always fires' }],
    onMs: 0,
    offMs: null,
    liveFromMs: 0,
    endMs: firingMs + WATCHED_MS * clock.factor,
    prediction: {
      pendingMs: null,
      firingMs,
      resolvedMs: null,
      labels: [{ ...staticLabels(rule.labels), alertname: rule.name }],
      steady: true,
    },
    limits: [],
    always: true,
  };
}

function staticLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes('{{')));
}
