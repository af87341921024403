import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { type Family, gauge } from '../../metrics/series.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const LAST = family(
  PROBE_METRIC.heartbeatLastTimestampSeconds,
  'Unix time of the last beat, good or bad; 0 before the first.',
);
const DURATION = family(
  PROBE_METRIC.heartbeatDurationSeconds,
  'How long the work of the last beat took; 0 where that is not known.',
);
const LIMIT = family(PROBE_METRIC.heartbeatLimitSeconds, 'Silence for longer than this is a failure.');

/** The series of a heartbeat target. */
export function heartbeatLayout(): KindLayout {
  return {
    variant: '',
    // timeout: silence; status: a failure that the sender reported.
    failures: ['timeout', 'status'],
    series: () => [
      gauge(LAST, ({ result }) => result.facts.heartbeat?.lastTimestampSeconds ?? 0),
      gauge(DURATION, ({ result }) => result.facts.heartbeat?.durationSeconds ?? 0),
      gauge(LIMIT, ({ result }) => result.facts.heartbeat?.limitSeconds ?? 0),
    ],
  };
}

/** What is known of a heartbeat. */
export interface HeartbeatFacts {
  limitSeconds: number;
  /** Unix seconds; absent before the first beat. */
  lastTimestampSeconds?: number;
  /** Absent where the sender told none. */
  durationSeconds?: number;
}
