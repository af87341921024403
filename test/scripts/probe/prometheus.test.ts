import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import { startProbes } from '../../../probes/runner.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { catalogueOf, closedPort, httpSpec, serveHttp, serveTcp, tcpSpec, until } from '../../probes/support.ts';
import { testPrometheuses, testRun } from '../stack/helpers.ts';

const CONFIG = 'global: {}\n';

/** Two good targets and a dead one. */
async function shop() {
  const web = await serveHttp((_, response) => void response.end('ok'));
  const cache = await serveTcp(() => {});
  return {
    catalogue: catalogueOf({ web: httpSpec(), cache: tcpSpec(), dead: httpSpec() }),
    addresses: new Map([
      ['shop/web', `http://127.0.0.1:${web.port}`],
      ['shop/cache', `tcp://127.0.0.1:${cache.port}`],
      ['shop/dead', `http://127.0.0.1:${await closedPort()}`],
    ]),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

describe.each(await testPrometheuses())('probes pushed into Prometheus $version', (tool) => {
  it('are there with their labels, count from 0, and end when the prober stops', async () => {
    const { dir, scope } = await testRun();
    await using services = await shop();
    const prometheus = await startPrometheus({ scope, tool, dir, config: CONFIG });
    const sink = createRemoteWrite({
      url: `${prometheus.url}/api/v1/write`,
      clock: systemClock(),
      flushIntervalMs: 50,
    });
    const runner = startProbes({ ...services, intervalMs: 200, sink });
    const value = async (query: string) => (await prometheus.query(query)).map((sample) => sample.value);

    await until(async () => (((await value('min(probe_all_success_count)'))[0] ?? 0) >= 3 ? true : undefined));
    const up = await prometheus.query('probe_success');
    expect(Object.fromEntries(up.map((sample) => [sample.labels.target, sample.value]))).toEqual({
      'shop/web': 1,
      'shop/cache': 1,
      'shop/dead': 0,
    });
    expect(up.map((sample) => sample.labels)).toContainEqual({
      __name__: 'probe_success',
      environment: 'test',
      job: 'firedrill',
      service: 'web',
      system: 'shop',
      target: 'shop/web',
    });
    // Without the zero before the first run the first failures would be missing here.
    const failures = 'increase(probe_results_total{target="shop/dead",reason="refused"}[1m])';
    expect((await value(failures))[0]).toBeGreaterThan(2.5);
    expect(
      await value('histogram_quantile(0.95, sum by (le, target) (rate(probe_all_duration_seconds_bucket[1m])))'),
    ).toHaveLength(3);

    expect((await runner.stop()).map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'fail']);
    expect(sink.stats()).toMatchObject({ samplesDropped: 0, samplesQueued: 0, lastError: '' });
    expect(sink.stats().samplesSent).toBeGreaterThan(300);
    // Far inside the five minutes that a series without a marker would linger.
    expect(await value('{job="firedrill"}')).toEqual([]);
  });
});
