import { PROBE_METRIC, PROBER_METRIC } from '../../../thresholds/names.ts';
import type { Disturbance, PanelSpec } from '../spec.ts';
import { ratesBy, series } from './series.ts';

const ITSELF = 'it tells of the prober, which no fault of a service may disturb';
/** Nothing to disturb: each query says why. */
const NOTHING: Disturbance = { kind: 'traffic', service: '' };

/** How the prober itself is. Its series carry no system, so they show while all systems are chosen. */
export function proberPanels(): PanelSpec[] {
  return [
    {
      title: 'Prober: runs',
      visualisation: 'line',
      description: 'Runs under way, runs that wait for a place, and due runs that did not take place.',
      unit: 'short',
      queries: [
        { expr: series(PROBE_METRIC.runsActive), legend: 'under way', still: ITSELF },
        { expr: series(PROBE_METRIC.runsWaiting), legend: 'waiting', still: ITSELF },
        { expr: ratesBy(['reason'], PROBE_METRIC.runsSkippedTotal), legend: 'skipped: {{reason}}', still: ITSELF },
      ],
      shows: NOTHING,
    },
    {
      title: 'Prober: punctuality',
      visualisation: 'line',
      description: 'How late runs begin, and how long the event loop stalled. Late runs measure the prober.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, ${ratesBy(['le'], `${PROBE_METRIC.scheduleLagSeconds}_bucket`)})`,
          legend: 'lag p99',
          still: ITSELF,
        },
        { expr: series(PROBE_METRIC.eventLoopLagSeconds), legend: 'event loop', still: ITSELF },
      ],
      shows: NOTHING,
    },
    {
      title: 'Prober: resources',
      visualisation: 'line',
      description: 'Memory and processors that the prober uses.',
      unit: 'bytes',
      queries: [
        {
          expr: series(PROBER_METRIC.residentMemoryBytes, ['job="firedrill"']),
          legend: 'memory',
          still: ITSELF,
        },
        {
          expr: ratesBy(['instance'], PROBER_METRIC.cpuSecondsTotal, ['job="firedrill"']),
          legend: 'CPU',
          unit: 'percentunit',
          still: ITSELF,
        },
      ],
      shows: NOTHING,
    },
    {
      title: 'Prober: targets',
      visualisation: 'counter',
      description: 'Targets by kind of probe.',
      unit: 'short',
      queries: [{ expr: `sum by (kind) (${series(PROBE_METRIC.targets)})`, legend: '{{kind}}', still: ITSELF }],
      shows: NOTHING,
    },
  ];
}
