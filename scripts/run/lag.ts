import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

/** Watches how late this process's event loop runs. */
export function watchEventLoop(): { p99Ms: () => number; stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    // The histogram counts the sampling interval itself; what is over it is lag.
    p99Ms: () => Number(Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS).toFixed(2)),
    stop: () => histogram.disable(),
  };
}
