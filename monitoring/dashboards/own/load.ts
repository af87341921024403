import { K6_METRIC, RUN_METRIC } from '../../../thresholds/run-names.ts';
import type { Disturbance, PanelSpec, QuerySpec } from '../spec.ts';
import type { OwnDashboard } from './own-dashboard.ts';
import { ratesBy, series } from './series.ts';

const AFTER = 'only a run of firedrill changes it';

/** Load while it runs, out of k6's own series, and how the last run ended. */
export const LOAD_RUNS: OwnDashboard = {
  title: 'Load Runs',
  file: 'load-runs.json',
  description: 'Load as k6 sends it and sees it answered.',
  subject: K6_METRIC.requestsTotal,
  panels(catalogue) {
    const loaded = catalogue.systems.flatMap(({ services }) => services).find(({ kind }) => kind === 'http');
    const service = { system: loaded?.system ?? '', service: loaded?.id ?? '' };
    const slow: Disturbance = { ...service, kind: 'slow', delayMs: 700 };
    return [
      {
        title: 'Requests',
        visualisation: 'line',
        description: 'Requests a second that k6 sent.',
        unit: 'reqps',
        queries: [
          {
            expr: ratesBy(['system', 'service'], K6_METRIC.requestsTotal),
            legend: '{{system}}/{{service}}',
            still: 'k6 sends at the rate of its plan, however the service answers',
          },
        ],
        shows: slow,
      },
      {
        title: 'Response times under load',
        visualisation: 'bands',
        description: 'All requests of the run: median, middle half, and from p5 to p95.',
        unit: 's',
        queries: [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => nativeQuantile(q, [], `p${Math.round(q * 100)}`)),
        shows: slow,
      },
      {
        title: 'Slowest services under load',
        visualisation: 'line',
        description: 'The time within which 95 % of the answers came.',
        unit: 's',
        queries: [nativeQuantile(0.95, ['system', 'service'], '{{system}}/{{service}}')],
        shows: slow,
      },
      {
        title: 'Answers over their limit',
        visualisation: 'line',
        description: 'Answers a second that took longer than their endpoint promises, by objective.',
        unit: 'reqps',
        emptyWhenHealthy: 'k6 counts an answer over its limit once there is one',
        queries: [
          {
            expr: ratesBy(['system', 'service', 'objective'], K6_METRIC.overLimitTotal),
            legend: '{{system}}/{{service}} {{objective}}',
          },
        ],
        shows: slow,
      },
      {
        title: 'Failed requests',
        visualisation: 'line',
        description: 'Share of requests that got no expected answer.',
        unit: 'percentunit',
        min: 0,
        queries: [
          {
            expr: `avg by (system, service) (${series(K6_METRIC.requestFailedRate)})`,
            legend: '{{system}}/{{service}}',
          },
        ],
        shows: { ...service, kind: 'errors', share: 0.5 },
      },
      {
        title: 'Virtual users',
        visualisation: 'line',
        description: 'Virtual users that k6 keeps busy. They belong to no system: choose all of them.',
        unit: 'short',
        queries: [{ expr: series(K6_METRIC.vus), legend: 'users', still: 'k6 adds users as its plan says' }],
        shows: slow,
      },
      ...lastRun(),
    ];
  },
};

function nativeQuantile(q: number, by: readonly string[], legend: string): QuerySpec {
  const rates = `rate(${series(K6_METRIC.requestDurationSeconds)}[$__rate_interval])`;
  const sum = by.length === 0 ? `sum(${rates})` : `sum by (${by.join(', ')}) (${rates})`;
  return { expr: `histogram_quantile(${q}, ${sum})`, legend };
}

function lastRun(): PanelSpec[] {
  const shows: Disturbance = { kind: 'traffic', service: '' };
  return [
    {
      title: 'Last run',
      visualisation: 'table',
      description: 'Rows of the last verdict, by part of the run and outcome.',
      unit: 'short',
      queries: [{ expr: `sum by (part, outcome) (${series(RUN_METRIC.rows)})`, legend: 'rows', still: AFTER }],
      shows,
    },
    {
      title: 'Age of the last run',
      visualisation: 'counter',
      description: 'Time since the last run ended.',
      unit: 's',
      limits: { breach: 'above', warning: 93_600, critical: 180_000 },
      queries: [{ expr: `time() - max(${series(RUN_METRIC.finishedTimestampSeconds)})`, legend: 'age', still: AFTER }],
      shows,
    },
  ];
}
