import type { MeasuredEvidence } from '../../thresholds/judge/measured.ts';
import type { ShareEvidence } from '../../thresholds/judge/share.ts';
import type { LoadPlan, PlannedEndpoint } from '../../thresholds/plan-load.ts';
import { formatDuration } from '../../thresholds/units.ts';
import type { LoadRow } from '../../thresholds/verdict.ts';
import { scenariosOf } from './executors.ts';
import { percentileKey } from './k6-options.ts';
import { type Cut, METRIC_KEY, rowCut, scenarioCut } from './metric-keys.ts';
import { rowBase } from './row-base.ts';
import { figure, type K6Summary } from './summary.ts';

/** A row of the verdict before it is judged: what was promised, what was seen. */
export interface LoadEvidence {
  /** The plan's row: several objectives share it. */
  row: string;
  base: Omit<LoadRow, 'outcome' | 'reason'>;
  test: { kind: 'share'; evidence: ShareEvidence } | { kind: 'measured'; evidence: MeasuredEvidence };
}

/** What the summary says of each promise of the plan, in the order of the plan. */
export function loadEvidence(plan: LoadPlan, summary: K6Summary): LoadEvidence[] {
  return plan.endpoints.flatMap((planned, index) => evidenceOf(planned, summary, judgedCut(planned, index)));
}

/** The samples on which an endpoint is judged: all of them, on a ladder those of its first step, the expected traffic. */
function judgedCut(planned: PlannedEndpoint, index: number): Cut {
  const first = planned.schedule.kind === 'ladder' ? scenariosOf(planned, index)[0] : undefined;
  return first === undefined ? rowCut(planned.row) : scenarioCut(first.name);
}

/** What the summary says of each promise of one endpoint, within one cut of the samples. */
export function evidenceOf(planned: PlannedEndpoint, summary: K6Summary, cut: Cut): LoadEvidence[] {
  const { latency, success, meanMs, maxMs } = planned.endpoint.objectives;
  const good = figure(summary, METRIC_KEY.checks(cut), 'passes');
  const bad = figure(summary, METRIC_KEY.checks(cut), 'fails');
  const timing = METRIC_KEY.duration(cut);
  const timed = figure(summary, timing, 'count');
  const base = rowBase(planned);
  const row = planned.row;
  const seconds = (key: string) => (timed === 0 ? null : figure(summary, timing, key) / 1_000);
  const successRow: LoadEvidence = {
    row,
    base: {
      ...base,
      objective: 'success',
      unit: 'ratio',
      limit: success,
      measured: good + bad === 0 ? null : good / (good + bad),
      samples: good + bad,
    },
    test: { kind: 'share', evidence: { kind: 'success', targetShare: success, samples: good + bad, bad } },
  };
  const latencyRows = latency.map(({ name, quantile, limitMs }): LoadEvidence => {
    const slow = figure(summary, METRIC_KEY.overLimit(cut, name), 'count');
    const measured = seconds(percentileKey(quantile));
    return {
      row,
      base: { ...base, objective: name, unit: 'seconds', limit: limitMs / 1_000, measured, samples: timed },
      test: { kind: 'share', evidence: { kind: 'latency', targetShare: quantile, samples: timed, bad: slow } },
    };
  });
  const measuredRow = (objective: string, limitMs: number, key: string): LoadEvidence => {
    const measured = seconds(key);
    const limit = limitMs / 1_000;
    const format = (value: number) => formatDuration(value * 1_000);
    return {
      row,
      base: { ...base, objective, unit: 'seconds', limit, measured, samples: timed },
      test: {
        kind: 'measured',
        evidence: { direction: 'below', limit, measured, samples: timed, minSamples: MIN_MEASURED, format },
      },
    };
  };
  return [
    ...latencyRows,
    successRow,
    ...(meanMs === null ? [] : [measuredRow('mean', meanMs, 'avg')]),
    ...(maxMs === null ? [] : [measuredRow('max', maxMs, 'max')]),
  ];
}

/** A mean of fewer answers is an anecdote; the number is the rule of thumb for the central limit theorem. */
const MIN_MEASURED = 30;
