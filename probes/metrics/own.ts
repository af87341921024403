import { PROBE_METRIC } from '../../thresholds/names.ts';
import type { DeliveryStats } from '../delivery/sink.ts';
import type { SkipReason } from '../schedule/scheduler.ts';

/** Metrics of the prober itself, as lines of the text format: it is watched by the same means as its targets. */
export function ownLines({
  skipped,
  lagSeconds,
  delivery,
}: {
  skipped: Readonly<Record<SkipReason, number>>;
  /** Longest stall of the event loop since the last look. */
  lagSeconds: number;
  /** Null when nothing is pushed. */
  delivery: DeliveryStats | null;
}): string[] {
  return [
    ...head(PROBE_METRIC.runsSkippedTotal, 'counter', 'Due runs that did not take place, by reason.'),
    ...Object.entries(skipped).map(
      ([reason, count]) => `${PROBE_METRIC.runsSkippedTotal}{reason="${reason}"} ${count}`,
    ),
    ...single(PROBE_METRIC.eventLoopLagSeconds, 'gauge', 'Longest recent stall of the event loop.', lagSeconds),
    ...(delivery === null
      ? []
      : [
          ...single(PROBE_METRIC.pushedSamplesTotal, 'counter', 'Samples taken by the receiver.', delivery.samplesSent),
          ...head(PROBE_METRIC.droppedSamplesTotal, 'counter', 'Samples that were lost, by reason.'),
          ...Object.entries(delivery.dropped).map(
            ([reason, count]) => `${PROBE_METRIC.droppedSamplesTotal}{reason="${reason}"} ${count}`,
          ),
          ...single(PROBE_METRIC.pushRetriesTotal, 'counter', 'Attempts that had to be repeated.', delivery.retries),
          ...single(PROBE_METRIC.queuedSamples, 'gauge', 'Samples waiting to be sent.', delivery.samplesQueued),
        ]),
  ];
}

function single(name: string, type: 'counter' | 'gauge', help: string, value: number): string[] {
  return [...head(name, type, help), `${name} ${value}`];
}

function head(name: string, type: 'counter' | 'gauge', help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}
