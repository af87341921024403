import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { testPrometheuses, testRun } from '../../scripts/stack/helpers.ts';
import { runSample } from '../metrics/samples.ts';
import { target, tcpSpec, until } from '../support.ts';

/** Durations of three sorts: what a clock cannot tell apart, an even spread of milliseconds, and a tail of seconds. */
const DURATIONS = [
  0,
  0,
  ...Array.from({ length: 190 }, (_, index) => (index + 1) / 1_000),
  ...Array.from({ length: 8 }, (_, index) => 1 + index / 2),
];

/** Share of the width of a bucket at schema 3: 2^(1/8) - 1. */
const BUCKET_WIDTH = 2 ** (1 / 8) - 1;

describe.each(await testPrometheuses())('durations as a native histogram in Prometheus $version', (tool) => {
  it('give quantiles within the width of a bucket, count from nothing, and end with their target', async () => {
    const { dir, scope } = await testRun();
    const prometheus = await startPrometheus({ scope, tool, dir, config: 'global: {}\n' });
    const sink = createRemoteWrite({
      url: `${prometheus.url}/api/v1/write`,
      clock: systemClock(),
      flushIntervalMs: 20,
      nativeHistograms: true,
    });
    const state = createRegistry().add(target({ url: 'tcp://127.0.0.1:1', spec: tcpSpec() }));
    const startMs = Date.now() - DURATIONS.length * 100;
    // Before the first run, as a prober does.
    sink.observe(state, startMs - 100);
    DURATIONS.forEach((durationSeconds, index) => {
      const run = runSample();
      recordRun(state, { ...run, result: { ...run.result, durationSeconds } });
      sink.observe(state, startMs + index * 100);
    });
    await until(() => (sink.stats().samplesQueued === 0 ? true : undefined));
    expect(sink.stats()).toMatchObject({ samplesDropped: 0, lastError: '' });

    const value = async (query: string) => (await prometheus.query(query))[0]?.value ?? Number.NaN;
    const name = 'probe_all_duration_seconds{target="shop/cart"}';
    expect(await value(`histogram_count(${name})`)).toBe(DURATIONS.length);
    expect(await value(`histogram_sum(${name})`)).toBeCloseTo(
      DURATIONS.reduce((sum, seconds) => sum + seconds, 0),
      6,
    );
    const sorted = DURATIONS.toSorted((a, b) => a - b);
    for (const quantile of [0.1, 0.5, 0.9, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? Number.NaN;
      const read = await value(`histogram_quantile(${quantile}, ${name})`);
      expect(Math.abs(read - exact) / exact).toBeLessThan(BUCKET_WIDTH);
    }
    expect(await value(`histogram_count(increase(${name}[5m]))`)).toBeGreaterThan(DURATIONS.length * 0.9);
    // The classic one beside it.
    expect(await value('probe_all_duration_seconds_count')).toBe(DURATIONS.length);

    sink.end(state, startMs + DURATIONS.length * 100);
    await sink.stop();
    expect(await prometheus.query('{job="firedrill"}')).toEqual([]);
  });
});
