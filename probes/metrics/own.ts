import { PROBE_METRIC, PROBER_METRIC } from '../../thresholds/names.ts';
import type { DeliveryStats } from '../delivery/sink.ts';
import { LAG_BOUNDS, type LagHistogram } from '../schedule/lag-histogram.ts';
import type { SkipReason } from '../schedule/scheduler.ts';
import type { Family, SeriesDef } from './series.ts';
import { bucketLabel } from './text-format.ts';

/** A metric of the prober itself, with its values. */
export interface OwnMetric {
  family: Family;
  samples: { suffix: SeriesDef['suffix']; labels: Readonly<Record<string, string>>; value: number }[];
}

/** What the prober knows of itself. */
export interface OwnState {
  version: string;
  nodeVersion: string;
  targets: ReadonlyMap<string, number>;
  skipped: Readonly<Record<SkipReason, number>>;
  load: { active: number; waiting: number };
  startLag: Pick<LagHistogram, 'counts' | 'sumSeconds'>;
  rechecks: number;
  online: boolean;
  /** Longest recent stall of the event loop. */
  lagSeconds: number;
  reload: { successful: boolean; atSeconds: number };
  process: { cpuSeconds: number; residentBytes: number; startedAtSeconds: number };
  /** Null when nothing is pushed. */
  delivery: DeliveryStats | null;
}

/** Metrics of the prober itself: it is watched by the same means as its targets. */
export function ownMetrics(state: OwnState): OwnMetric[] {
  const { skipped, load, reload, process, delivery } = state;
  const reloadHelp = 'Whether the last reload of the catalogue succeeded.';
  const reloadedHelp = 'Unix time of the last successful load of the catalogue.';
  return [
    by(PROBER_METRIC.buildInfo, 'gauge', 'Versions of firedrill and of the Node.js below it.', [
      [{ node: state.nodeVersion, version: state.version }, 1],
    ]),
    single(PROBER_METRIC.reloadSuccessful, 'gauge', reloadHelp, reload.successful ? 1 : 0),
    single(PROBER_METRIC.reloadTimestampSeconds, 'gauge', reloadedHelp, reload.atSeconds),
    single(PROBER_METRIC.blackboxReloadSuccessful, 'gauge', reloadHelp, reload.successful ? 1 : 0),
    single(PROBER_METRIC.blackboxReloadTimestampSeconds, 'gauge', reloadedHelp, reload.atSeconds),
    byLabel(PROBE_METRIC.targets, 'gauge', 'Targets by kind.', 'kind', state.targets),
    byLabel(
      PROBE_METRIC.runsSkippedTotal,
      'counter',
      'Due runs that did not take place, by reason.',
      'reason',
      Object.entries(skipped),
    ),
    single(PROBE_METRIC.rechecksTotal, 'counter', 'Faster looks at failing targets.', state.rechecks),
    single(PROBE_METRIC.runsActive, 'gauge', 'Runs under way.', load.active),
    single(PROBE_METRIC.runsWaiting, 'gauge', 'Due runs that wait for a place under the caps.', load.waiting),
    scheduleLag(state.startLag),
    single(PROBE_METRIC.eventLoopLagSeconds, 'gauge', 'Longest recent stall of the event loop.', state.lagSeconds),
    single(
      PROBE_METRIC.online,
      'gauge',
      'Whether the prober itself had a network when last asked.',
      state.online ? 1 : 0,
    ),
    single(PROBER_METRIC.cpuSecondsTotal, 'counter', 'User and system processor time.', process.cpuSeconds),
    single(PROBER_METRIC.residentMemoryBytes, 'gauge', 'Resident memory.', process.residentBytes),
    single(PROBER_METRIC.startTimeSeconds, 'gauge', 'Unix time of the start.', process.startedAtSeconds),
    ...(delivery === null ? [] : deliveryMetrics(delivery)),
  ];
}

function deliveryMetrics(delivery: DeliveryStats): OwnMetric[] {
  return [
    single(PROBE_METRIC.pushedSamplesTotal, 'counter', 'Samples taken by the receiver.', delivery.samplesSent),
    byLabel(
      PROBE_METRIC.droppedSamplesTotal,
      'counter',
      'Samples that were lost, by reason.',
      'reason',
      Object.entries(delivery.dropped),
    ),
    single(PROBE_METRIC.pushRetriesTotal, 'counter', 'Attempts that had to be repeated.', delivery.retries),
    single(PROBE_METRIC.queuedSamples, 'gauge', 'Samples waiting to be sent.', delivery.samplesQueued),
  ];
}

function scheduleLag({ counts, sumSeconds }: OwnState['startLag']): OwnMetric {
  let total = 0;
  const buckets = [...LAG_BOUNDS, Number.POSITIVE_INFINITY].map((bound, index) => {
    total += counts[index] ?? 0;
    const le = bucketLabel(bound);
    return { suffix: '_bucket' as const, labels: { le }, value: total };
  });
  return {
    family: { name: PROBE_METRIC.scheduleLagSeconds, type: 'histogram', help: 'How much later than due runs started.' },
    samples: [
      ...buckets,
      { suffix: '_sum', labels: {}, value: sumSeconds },
      { suffix: '_count', labels: {}, value: total },
    ],
  };
}

function single(name: string, type: Family['type'], help: string, value: number): OwnMetric {
  return by(name, type, help, [[{}, value]]);
}

function byLabel(
  name: string,
  type: Family['type'],
  help: string,
  label: string,
  values: Iterable<readonly [string, number]>,
): OwnMetric {
  return by(
    name,
    type,
    help,
    [...values].map(([text, value]) => [{ [label]: text }, value]),
  );
}

function by(
  name: string,
  type: Family['type'],
  help: string,
  values: readonly (readonly [labels: Record<string, string>, value: number])[],
): OwnMetric {
  return { family: { name, type, help }, samples: values.map(([labels, value]) => ({ suffix: '', labels, value })) };
}
