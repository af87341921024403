import type { Catalogue, System } from '../../../thresholds/model.ts';
import {
  BUDGET,
  type BudgetKind,
  burnRateName,
  failuresName,
  PROMISE_LABEL,
} from '../../../thresholds/record-names.ts';
import { formatPrometheusDuration } from '../../../thresholds/units.ts';
import type { AlertGroup, DerivedAlert, Recording } from '../derived-alert.ts';
import { burnAlert, spentAlert } from './burn-alerts.ts';
import { latencyPromises } from './latency.ts';
import { burnRate, type Promised, type Unwatched } from './promise.ts';
import { successPromises } from './success.ts';
import { BUDGET_INTERVAL_MS, BUDGET_WINDOW_MS, WINDOW_PAIRS, type WindowPair } from './windows.ts';

const KINDS: readonly BudgetKind[] = ['error', 'latency'];

/**
 * Budgets of failures: for each system one group for each pair of windows, with recording rules of its own for just these two windows, so
 * that each group can run on a clock of its own; and one for what is left of the 30 days.
 */
export function burnGroups(catalogue: Catalogue): AlertGroup[] {
  return catalogue.systems.flatMap((system) => {
    const { promised } = promisesOf(system);
    if (promised.length === 0) return [];
    return [...WINDOW_PAIRS.map((pair) => pairGroup(system, pair, promised)), budgetGroup(system, promised)];
  });
}

/** What no budget watches, and why. */
export function unwatchedPromises(catalogue: Catalogue): Unwatched[] {
  return catalogue.systems.flatMap((system) => promisesOf(system).unwatched);
}

function promisesOf(system: System): { promised: Promised[]; unwatched: Unwatched[] } {
  const [success, latency] = [successPromises(system), latencyPromises(system)];
  return {
    promised: [...success.promised, ...latency.promised],
    unwatched: [...success.unwatched, ...latency.unwatched],
  };
}

function pairGroup(system: System, pair: WindowPair, promised: readonly Promised[]): AlertGroup {
  const [long, short] = [formatPrometheusDuration(pair.longMs), formatPrometheusDuration(pair.shortMs)];
  return {
    name: `firedrill-${system.id}-burn-${pair.id.replace('_', '-')}`,
    system: system.id,
    intervalMs: pair.intervalMs,
    recordings: promised.flatMap((one) => [
      recording(burnRateName(one.kind, pair.id, long), burnRate(one, long), one),
      recording(burnRateName(one.kind, pair.id, short), burnRate(one, short), one),
      recording(failuresName(one.kind, pair.id, long), one.failed('increase', long), one),
    ]),
    alerts: kindsOf(promised).map((kind) => burnAlert(system, kind, pair)),
  };
}

/**
 * What is left of each budget, out of the counters themselves: it needs no other recorded series, and a drill can run it on a clock of its
 * own. It looks back as far as the retention of this Prometheus reaches, if that is under 30 days.
 */
function budgetGroup(system: System, promised: readonly Promised[]): AlertGroup {
  const window = formatPrometheusDuration(BUDGET_WINDOW_MS);
  return {
    name: `firedrill-${system.id}-budget`,
    system: system.id,
    intervalMs: BUDGET_INTERVAL_MS,
    recordings: promised.flatMap((one) => [
      recording(BUDGET[one.kind].remaining, `1 - (${burnRate(one, window)})`, one),
      recording(BUDGET[one.kind].failures, one.failed('increase', window), one),
    ]),
    alerts: kindsOf(promised).map((kind): DerivedAlert => spentAlert(system, kind)),
  };
}

function kindsOf(promised: readonly Promised[]): BudgetKind[] {
  return KINDS.filter((kind) => promised.some((one) => one.kind === kind));
}

function recording(record: string, expr: string, { promise }: Promised): Recording {
  return { record, expr, labels: { [PROMISE_LABEL]: promise } };
}
