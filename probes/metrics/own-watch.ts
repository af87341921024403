import type { Clock } from '../clock.ts';
import type { ProbeSink } from '../delivery/sink.ts';
import { type OwnMetric, type OwnState, ownMetrics } from './own.ts';
import type { SeriesState } from './registry.ts';
import type { SeriesDef } from './series.ts';

/** The prober's metrics of itself, pushed as those of its targets are. */
export interface OwnWatch {
  metrics(): OwnMetric[];
  /** A reload succeeded or failed. */
  reloaded(successful: boolean): void;
  /** The last values, then the end of the series. */
  end(): void;
}

/** As often as a scrape would ask. */
const PUSH_INTERVAL_MS = 15_000;

/** Watches the process that it runs in. `read` gives what only the runner knows. */
export function watchOwn({
  clock,
  sink,
  labels,
  read,
}: {
  clock: Clock;
  sink: ProbeSink;
  labels: { environment: string; location: string; instance: string };
  read: () => Omit<OwnState, 'process' | 'reload' | 'nodeVersion'>;
}): OwnWatch {
  const startedAtSeconds = (clock.now() - process.uptime() * 1_000) / 1_000;
  let reload = { successful: true, atSeconds: clock.now() / 1_000 };
  const known = new Map<string, SeriesState>();
  let cancel = () => {};
  let lastMs = 0;

  const metrics = () => {
    const { user, system } = process.cpuUsage();
    return ownMetrics({
      ...read(),
      nodeVersion: process.versions.node,
      reload,
      process: { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss(), startedAtSeconds },
    });
  };
  const timestampMs = () => {
    lastMs = Math.max(lastMs + 1, clock.now());
    return lastMs;
  };
  const push = () => {
    const atMs = timestampMs();
    for (const metric of metrics()) {
      const { name } = metric.family;
      const before = known.get(name);
      const state =
        before !== undefined && before.values.length === metric.samples.length ? before : stateOf(metric, labels);
      // A kind of target that is new or gone: other series than before.
      if (before !== undefined && state !== before) sink.end(before, atMs - 1);
      known.set(name, state);
      metric.samples.forEach(({ value }, index) => {
        state.values[index] = value;
      });
      sink.observe(state, atMs);
    }
  };
  const pushAgain = () => {
    push();
    cancel = clock.after(PUSH_INTERVAL_MS, pushAgain);
  };
  pushAgain();

  return {
    metrics,
    reloaded(successful) {
      reload = { successful, atSeconds: successful ? clock.now() / 1_000 : reload.atSeconds };
      push();
    },
    end() {
      cancel();
      push();
      const atMs = timestampMs();
      for (const state of known.values()) sink.end(state, atMs);
    },
  };
}

function stateOf({ family, samples }: OwnMetric, labels: { environment: string; location: string; instance: string }) {
  const series = samples.map(
    ({ suffix, labels }): SeriesDef => ({
      family,
      suffix,
      labels,
      initial: 0,
      countsUnknown: false,
      update: (previous) => previous,
    }),
  );
  return {
    target: { ...labels, id: '', system: '', service: '' },
    layout: { id: family.name, series, infos: [] },
    values: new Float64Array(samples.length),
    infos: [],
  };
}
