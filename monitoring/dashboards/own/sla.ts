import { RUN_METRIC } from '../../../thresholds/run-names.ts';
import { PAGE_FAST, PAGE_SLOW } from '../../alerts/burn/windows.ts';
import { roundShare, successLimit } from '../limits.ts';
import type { Disturbance, PanelSpec } from '../spec.ts';
import { dashboardUid } from '../systems/system-dashboard.ts';
import type { OwnDashboard } from './own-dashboard.ts';
import { burnRate, failedShare, responseTime, successGroups } from './promises.ts';
import { series } from './series.ts';

const LEAVES_RUNS = 'only a run of firedrill changes it';

/** Promises and what is left of the budgets of errors. */
export const SLA: OwnDashboard = {
  title: 'SLA and Error Budgets',
  file: 'sla.json',
  description: 'What was promised, whether it is kept, and how much may still go wrong.',
  subject: 'up',
  windows: ['30d', '7d', '1d', '6h', '1h'],
  panels(catalogue) {
    const groups = successGroups(catalogue);
    const [first] = groups;
    if (first === undefined) return lastRun();
    const service = { system: first.system, service: first.services[0]?.id ?? '' };
    const failing: Disturbance = { ...service, kind: 'errors', share: 0.5 };
    const least = successLimit(groups.flatMap(({ services }) => services));
    return [
      {
        title: 'Success',
        visualisation: 'rank',
        description: 'Share of good answers in the window.',
        unit: 'percentunit',
        decimals: 3,
        min: roundShare(0.9),
        max: 1,
        height: 14,
        limits: least,
        details: dashboardUid('firedrill', 'Probes'),
        queries: [{ expr: `sort(1 - (${failedShare(groups, '$window')}))`, legend: '{{system}}/{{service}}' }],
        shows: failing,
      },
      {
        title: 'Error budget left',
        visualisation: 'rank',
        description: 'Share of the failures that the promise allows in the window and that have not happened yet.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        height: 14,
        limits: { breach: 'below', warning: 0.25, critical: 0 },
        queries: [{ expr: `sort(1 - (${burnRate(groups, '$window')}))`, legend: '{{system}}/{{service}}' }],
        shows: failing,
      },
      {
        title: 'Burn rate',
        visualisation: 'line',
        description: 'How many times faster than allowed the budget of a 30-day window is used up.',
        unit: 'none',
        limits: { breach: 'above', warning: PAGE_SLOW.factor, critical: PAGE_FAST.factor },
        queries: [{ expr: burnRate(groups, '$__rate_interval'), legend: '{{system}}/{{service}}' }],
        shows: failing,
      },
      {
        title: 'Response time',
        visualisation: 'line',
        description: 'The time within which 95 % of the answers came.',
        unit: 's',
        queries: [{ expr: responseTime(catalogue, 0.95), legend: '{{system}}/{{service}}' }],
        shows: { ...service, kind: 'slow', delayMs: 700 },
      },
      {
        title: 'Reached by Prometheus',
        visualisation: 'gauge',
        description: 'Share of the chosen time in which Prometheus reached the service.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        width: 24,
        limits: least,
        queries: [
          {
            expr: `min by (system, service) (avg_over_time(${series('up')}[$__range]))`,
            legend: '{{system}}/{{service}}',
          },
        ],
        shows: { ...service, kind: 'down' },
      },
      ...lastRun(),
    ];
  },
};

/** What the last run of nightly or load found, objective by objective. */
function lastRun(): PanelSpec[] {
  const by = 'by (system, service, endpoint, objective, unit)';
  const shows: Disturbance = { kind: 'traffic', service: '' };
  return [
    {
      title: 'Promises in the last run',
      visualisation: 'table',
      description: 'Each objective as the last run measured it: seconds, shares from 0 to 1, or counts.',
      unit: 'none',
      width: 24,
      height: 12,
      queries: [
        { expr: `max ${by} (${series(RUN_METRIC.slaMeasured)})`, legend: 'measured', still: LEAVES_RUNS },
        { expr: `max ${by} (${series(RUN_METRIC.slaLimit)})`, legend: 'limit', still: LEAVES_RUNS },
        { expr: `max ${by} (${series(RUN_METRIC.slaSamples)})`, legend: 'samples', still: LEAVES_RUNS },
        { expr: `min ${by} (${series(RUN_METRIC.slaKept)})`, legend: 'kept', still: LEAVES_RUNS },
      ],
      shows,
    },
  ];
}
