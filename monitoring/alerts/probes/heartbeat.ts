import type { System } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import { selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { BY_TARGET, systemMatcher, targetsOfKind } from './targets.ts';

/** Jobs that do not tell of themselves in time; none for a system without heartbeats. */
export function heartbeatAlerts(system: System): Draft[] {
  if (targetsOfKind(system, 'heartbeat').length === 0) return [];
  const of = (metric: string) => `(max ${BY_TARGET} (${selector(metric, [systemMatcher(system)])}) > 0)`;
  return [
    {
      name: 'HeartbeatMissed',
      severity: 'warning',
      objective: 'heartbeat',
      // Above 0: before the first beat there is nothing to be late for.
      expr: `(time() - ${of(PROBE_METRIC.heartbeatLastTimestampSeconds)})\n/ ${of(PROBE_METRIC.heartbeatLimitSeconds)}\n> 1`,
      forMs: 2 * 60_000,
      summary: '{{ $labels.target }} has not been heard in time',
      description: 'The last beat of {{ $labels.target }} is {{ $value | humanize }} times as old as it may be.',
      guidance: {
        meaning: `A job of ${system.title} did not report within its time, grace included.`,
        impact: 'What the job does (a backup, an import, a report) was perhaps not done.',
        checks: [
          'Did the job start, and what does its log say last?',
          'Does it still run, and longer than usual?',
          'Can it reach the prober, and is its token right?',
        ],
        fix: 'Run the job again by hand, then mend its schedule or whatever stopped it.',
      },
      consequences: ['ProbeFailing'],
      shownOn: { dashboard: 'Probes', panel: 'Silence of heartbeats' },
    },
  ];
}
