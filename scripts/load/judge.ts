import { judgeMeasured } from '../../thresholds/judge/measured.ts';
import { type Judgement, judgeShares } from '../../thresholds/judge/share.ts';
import type { LoadPlan, PlannedEndpoint } from '../../thresholds/plan-load.ts';
import { formatCount, formatDuration } from '../../thresholds/units.ts';
import type { LoadRow } from '../../thresholds/verdict.ts';
import type { ConsoleEvidence } from './console.ts';
import { type LoadEvidence, loadEvidence } from './evidence.ts';
import { scenariosOf } from './executors.ts';
import type { K6Log } from './k6-log.ts';
import { METRIC_KEY, rowCut } from './metric-keys.ts';
import { busyReason, droppedReason, sumReason } from './spoils.ts';
import { figure, type K6Summary } from './summary.ts';

/** What is known of a run besides its summary. */
export interface RunCircumstances {
  /** Share of all processors that k6 used; null where it cannot be read. */
  cpuShare: number | null;
  console: ConsoleEvidence;
  /** Exceptions that left an iteration, by k6 scenario: outside what the scenarios catch and count themselves. */
  uncaught: K6Log['uncaught'];
  /** Why k6 ended early; null when it ran to its end. */
  endedEarly: string | null;
}

/** Judges all promises of a run together, since significance depends on how many were tested. */
export function judgeLoad(plan: LoadPlan, summary: K6Summary, circumstances: RunCircumstances): LoadRow[] {
  const evidence = loadEvidence(plan, summary);
  const shares = judgeShares(evidence.flatMap(({ test }) => (test.kind === 'share' ? [test.evidence] : [])));
  let next = 0;
  const judgements = evidence.map(({ test }) =>
    test.kind === 'share' ? (shares[next++] as Judgement) : judgeMeasured(test.evidence),
  );
  const wide = busyReason(circumstances.cpuShare) ?? sumReason(plan, summary);
  const spoils = new Map(
    plan.endpoints.map((planned, index) => [planned.row, wide ?? droppedReason(planned, index, summary)]),
  );
  const scenarios = new Map(
    plan.endpoints.map((planned, index) => [planned.row, scenariosOf(planned, index).map(({ name }) => name)]),
  );
  const planned = new Map(plan.endpoints.map((one) => [one.row, one]));
  return evidence.map((one, index) => {
    const owner = planned.get(one.row) as PlannedEndpoint;
    const judged = judgements[index] as Judgement;
    const told = explain(one, judged, owner, circumstances);
    const threw = exceptionsOf(one.row, scenarios.get(one.row) ?? [], summary, circumstances);
    const final = threw.count > 0 ? broken(threw) : spoil(one, told, spoils.get(one.row) ?? null);
    return { ...one.base, ...final };
  });
}

interface Exceptions {
  count: number;
  first: string;
}

function exceptionsOf(
  row: string,
  scenarios: readonly string[],
  summary: K6Summary,
  { console, uncaught }: RunCircumstances,
): Exceptions {
  const counted = figure(summary, METRIC_KEY.exceptions(rowCut(row)), 'count');
  const left = scenarios.flatMap((scenario) => uncaught.get(scenario) ?? []);
  return {
    count: left.reduce((all, { count }) => all + count, counted),
    first: console.exceptions.get(row) ?? left[0]?.first ?? '',
  };
}

function broken({ count, first }: Exceptions): Judgement {
  const detail = first === '' ? '' : `: ${first}`;
  return { outcome: 'broken', reason: `the scenario threw in ${formatCount(count)} iterations${detail}` };
}

/** Adds what the numbers alone do not say: why nothing was measured, what was wrong with the answers, the percentile. */
function explain(
  { base, row, test }: LoadEvidence,
  judged: Judgement,
  planned: PlannedEndpoint,
  { console, endedEarly }: RunCircumstances,
): Judgement {
  if (base.samples === 0) return { outcome: 'inconclusive', reason: notMeasured(base, planned, endedEarly) };
  if (judged.outcome === 'pass') return judged;
  let { reason } = judged;
  if (
    test.kind === 'share' &&
    test.evidence.kind === 'latency' &&
    base.measured !== null &&
    judged.outcome === 'fail'
  ) {
    reason += ` (${base.objective} ${formatDuration(base.measured * 1_000)}, limit ${formatDuration(base.limit * 1_000)})`;
  }
  const mismatch = base.objective === 'success' ? console.mismatches.get(row) : undefined;
  if (mismatch !== undefined && (base.measured ?? 1) < 1) reason += `; first: ${mismatch}`;
  if (judged.outcome === 'inconclusive') {
    if (planned.capped !== null) reason += `; ${spent(planned)}`;
    else if (endedEarly !== null) reason += `; ${endedEarly}`;
  }
  return { outcome: judged.outcome, reason };
}

function notMeasured(base: LoadEvidence['base'], planned: PlannedEndpoint, endedEarly: string | null): string {
  if (planned.schedule.kind === 'none') return `endpoint never hit: ${spent(planned)}`;
  if (endedEarly !== null) return `not measured: ${endedEarly}`;
  if (base.objective === 'success') return 'endpoint never hit: no sample carries its row';
  return 'no answer with an expected status, so there was no time to judge';
}

function spent({ capped, service, schedule }: PlannedEndpoint): string {
  const allowed = schedule.kind === 'even' ? schedule.iterations : 0;
  const whose = capped === 'run budget' ? 'the request limit of the run' : `the request budget of ${service.target}`;
  return `budget spent: ${whose} allows ${formatCount(allowed)} requests here`;
}

/**
 * A spoilt measurement cannot be called kept. A breach stands when the reason cannot have caused it: wrong answers are wrong
 * under any load, and arrivals that were left out would have met a service no faster.
 */
function spoil({ test, base }: LoadEvidence, judged: Judgement, reason: string | null): Judgement {
  if (reason === null || base.samples === 0) return judged;
  const generatorBusy = reason.startsWith('k6 used');
  const timing = test.kind === 'measured' || test.evidence.kind === 'latency';
  if (judged.outcome === 'fail' && !(generatorBusy && timing)) return judged;
  return { outcome: 'inconclusive', reason: judged.reason === '' ? reason : `${reason}; ${judged.reason}` };
}
