import type { LoadPlan, PlannedEndpoint } from '../../thresholds/plan-load.ts';
import { formatShare } from '../../thresholds/units.ts';
import type { LoadRow } from '../../thresholds/verdict.ts';
import { evidenceOf, type LoadEvidence } from './evidence.ts';
import { type ScenarioStep, scenariosOf } from './executors.ts';
import { MAX_DROPPED_SHARE } from './k6-options.ts';
import { METRIC_KEY, scenarioCut } from './metric-keys.ts';
import { rowBase } from './row-base.ts';
import { figure, type K6Summary } from './summary.ts';

/**
 * For each endpoint on a ladder: the highest rate at which all its promises held, judged by the estimates of that step. The
 * promise behind the row is the expected traffic, so the row passes when at least that held.
 */
export function reachedRows(plan: LoadPlan, summary: K6Summary): LoadRow[] {
  return plan.endpoints.flatMap((planned, index) =>
    planned.schedule.kind === 'ladder' ? [reachedRow(planned, scenariosOf(planned, index), summary)] : [],
  );
}

function reachedRow(planned: PlannedEndpoint, steps: readonly ScenarioStep[], summary: K6Summary): LoadRow {
  let held: ScenarioStep | null = null;
  let end = 'it held on every step of the ladder';
  let samples = 0;
  for (const step of steps) {
    const trouble = troubleOf(planned, step, summary);
    if (trouble !== null) {
      end = trouble;
      break;
    }
    held = step;
    samples = figure(summary, METRIC_KEY.checks(scenarioCut(step.name)), 'passes');
  }
  const expected = steps[0]?.perSecond ?? 0;
  const reason = `highest rate that held: ${perSecond(held?.perSecond ?? 0)}; ${end}`;
  return {
    ...rowBase(planned),
    objective: 'reached requests per second',
    unit: 'count',
    limit: expected,
    measured: held?.perSecond ?? null,
    samples,
    outcome: held === null ? 'inconclusive' : 'pass',
    reason,
  };
}

/** Why a step did not hold, or null. */
function troubleOf(planned: PlannedEndpoint, step: ScenarioStep, summary: K6Summary): string | null {
  const at = `at ${perSecond(step.perSecond)}`;
  const dropped = figure(summary, METRIC_KEY.dropped(step.name), 'count');
  if (dropped > step.iterations * MAX_DROPPED_SHARE) return `${at} the generator dropped ${dropped} arrivals`;
  const evidence = evidenceOf(planned, summary, scenarioCut(step.name));
  if (evidence.some(({ base }) => base.samples === 0)) return `${at} the run had ended`;
  const broken = evidence.find((one) => !holds(one));
  return broken === undefined ? null : `${at} ${broken.base.objective} broke (${seen(broken)})`;
}

function holds({ test }: LoadEvidence): boolean {
  if (test.kind === 'measured') return test.evidence.measured !== null && test.evidence.measured <= test.evidence.limit;
  const { bad, samples, targetShare } = test.evidence;
  return bad / samples <= 1 - targetShare + 1e-12;
}

function seen({ base, test }: LoadEvidence): string {
  if (test.kind === 'measured') return test.evidence.format(base.measured ?? 0);
  return `${formatShare(test.evidence.bad / test.evidence.samples)} bad`;
}

function perSecond(rate: number): string {
  return `${Number(rate.toPrecision(3))} requests/s`;
}
