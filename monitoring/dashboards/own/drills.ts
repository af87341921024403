import { RUN_METRIC } from '../../../thresholds/run-names.ts';
import type { Disturbance, PanelSpec } from '../spec.ts';
import type { OwnDashboard } from './own-dashboard.ts';
import { series } from './series.ts';

const AFTER = 'only a drill changes it';
const BY = 'by (system, alertname, severity)';
const NOTHING: Disturbance = { kind: 'traffic', service: '' };

/** Whether alerts work: what the last drill showed. */
export const ALERT_DRILLS: OwnDashboard = {
  title: 'Alert Drills',
  file: 'alert-drills.json',
  description: 'From fault to receiver and back: what the last drill of each alert showed.',
  // Drills are of systems and have no service: a variable of their own series would offer none.
  subject: 'up',
  from: 'now-24h',
  panels: () => [
    {
      title: 'Drilled alerts',
      visualisation: 'grid',
      description: 'Whether the alert fired, reached its receivers in time and resolved.',
      unit: 'none',
      width: 24,
      limits: { breach: 'below', critical: 1 },
      texts: { '1': { text: 'works', color: 'green' }, '0': { text: 'does not work', color: 'red' } },
      queries: [
        { expr: `min ${BY} (${series(RUN_METRIC.drillPassed)})`, legend: '{{system}} {{alertname}}', still: AFTER },
      ],
      shows: NOTHING,
    },
    {
      title: 'Times of the last drill',
      visualisation: 'table',
      description: 'Wall seconds as run; the compression says how much faster than real time that was.',
      unit: 's',
      width: 24,
      height: 10,
      queries: [
        { expr: `max ${BY} (${series(RUN_METRIC.drillDetectedSeconds)})`, legend: 'firing', still: AFTER },
        { expr: `max ${BY} (${series(RUN_METRIC.drillDeliveredSeconds)})`, legend: 'delivered', still: AFTER },
        {
          expr: `max ${BY} (${series(RUN_METRIC.drillPredictedSeconds, ['bound="latest"'])})`,
          legend: 'at the latest',
          still: AFTER,
        },
        { expr: `max ${BY} (${series(RUN_METRIC.drillResolvedSeconds)})`, legend: 'resolved', still: AFTER },
        {
          expr: `max ${BY} (${series(RUN_METRIC.drillCompression)})`,
          legend: 'compression',
          unit: 'none',
          still: AFTER,
        },
      ],
      shows: NOTHING,
    },
    trend(
      'Detection over the drills',
      'From fault to firing, in the time of the services.',
      RUN_METRIC.drillDetectedSeconds,
    ),
    trend(
      'Resolution over the drills',
      'From the end of the fault, in the time of the services.',
      RUN_METRIC.drillResolvedSeconds,
    ),
  ],
};

/** Drills run at different speeds: times are made comparable by the compression. */
function trend(title: string, description: string, metric: string): PanelSpec {
  return {
    title,
    visualisation: 'line',
    description,
    unit: 's',
    queries: [
      {
        expr: `max ${BY} (${series(metric)} * ${series(RUN_METRIC.drillCompression)})`,
        legend: '{{system}} {{alertname}}',
        still: AFTER,
      },
    ],
    shows: NOTHING,
  };
}
