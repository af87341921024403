import type { Catalogue, System } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
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
    recordings: joined(
      system,
      promised.flatMap((one) => [
        recorded(burnRateName(one.kind, pair.id, long), one, burnRate(one, long)),
        recorded(burnRateName(one.kind, pair.id, short), one, burnRate(one, short)),
        recorded(failuresName(one.kind, pair.id, long), one, one.failed('increase', long)),
      ]),
    ),
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
    recordings: joined(
      system,
      promised.flatMap((one) => [
        recorded(BUDGET[one.kind].remaining, one, `1 - (${burnRate(one, window)})`),
        recorded(BUDGET[one.kind].failures, one, one.failed('increase', window)),
      ]),
    ),
    alerts: kindsOf(promised).map((kind): DerivedAlert => spentAlert(system, kind)),
  };
}

function kindsOf(promised: readonly Promised[]): BudgetKind[] {
  return KINDS.filter((kind) => promised.some((one) => one.kind === kind));
}

/** A series of the services that share a promise and a way of counting. */
interface Recorded {
  record: string;
  promise: string;
  expr: string;
}

function recorded(record: string, { promise }: Promised, expr: string): Recorded {
  return { record, promise, expr };
}

/** One rule for each name and promise, whatever metrics the services count by: a name that two rules write is easily misread. */
function joined(system: System, recorded: readonly Recorded[]): Recording[] {
  const byName = Map.groupBy(recorded, ({ record, promise }) => JSON.stringify([record, promise]));
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const exprs = same.map(({ expr }) => expr);
    return [
      {
        record: first.record,
        expr: exprs.length === 1 ? first.expr : exprs.map((expr) => `(${expr})`).join('\nor\n'),
        labels: { [LABEL.system]: system.id, [PROMISE_LABEL]: first.promise },
      },
    ];
  });
}
