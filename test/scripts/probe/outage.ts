import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import type { ProbeSink } from '../../../probes/delivery/sink.ts';
import { openSpool } from '../../../probes/delivery/spool.ts';
import { startProbes } from '../../../probes/runner.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { catalogueOf, closedPort, httpSpec, serveHttp, tcpSpec, until } from '../../probes/support.ts';
import { testRun } from '../stack/helpers.ts';

/** Samples given to a sink, by series name and target; the ends of series are not among them. */
type Given = Map<string, number>;

/** A sink that counts what it is given before it hands it on. */
function counting(sink: ProbeSink, given: Given): ProbeSink {
  return {
    ...sink,
    observe(state, timestampMs) {
      const count = (name: string) => {
        const key = `${name} ${state.target.id}`;
        given.set(key, (given.get(key) ?? 0) + 1);
      };
      state.layout.series.forEach(({ family, suffix }, slot) => {
        if (!Number.isNaN(state.values[slot])) count(family.name + suffix);
      });
      state.infos.forEach(({ current }, index) => {
        if (current !== null) count(state.layout.infos[index]?.family.name ?? '');
      });
      sink.observe(state, timestampMs);
    },
  };
}

/**
 * Kills Prometheus in the middle of pushing, keeps it away, ends the prober half way through and starts another on the same spool, starts
 * Prometheus again on its data, and counts every sample of every series that it then holds against what the sinks were given.
 */
export async function proveNoSampleIsLost({
  awayMs,
  intervalMs,
}: {
  awayMs: number;
  intervalMs: number;
}): Promise<void> {
  const { dir, scope } = await testRun();
  const tool = await resolveTool('prometheus');
  await using web = await serveHttp((_, response) => void response.end());
  const given: Given = new Map();
  const catalogue = catalogueOf({ web: httpSpec(), cache: tcpSpec(), dead: httpSpec() });
  const addresses = new Map([
    ['shop/web', `http://127.0.0.1:${web.port}`],
    ['shop/cache', `tcp://127.0.0.1:${web.port}`],
    ['shop/dead', `http://127.0.0.1:${await closedPort()}`],
  ]);
  const prober = async (url: string) => {
    const sink = createRemoteWrite({
      url: `${url}/api/v1/write`,
      clock: systemClock(),
      flushIntervalMs: 100,
      stopTimeoutMs: 500,
      queue: await openSpool({ dir: `${dir}/spool`, limitBytes: 64 * 1024 * 1024, memoryBytes: 64 * 1024 }),
    });
    return { sink, runner: startProbes({ catalogue, addresses, intervalMs, sink: counting(sink, given) }) };
  };
  const first = await startPrometheus({ scope, tool, dir, config: 'global: {}\n' });
  const one = await prober(first.url);
  await until(() => (one.sink.stats().samplesSent > 500 ? true : undefined), 30_000);
  process.kill(first.process.pid, 'SIGKILL');
  await delay(awayMs / 2);
  expect(one.sink.stats().retries).toBeGreaterThan(2);
  await one.runner.stop();
  expect(one.sink.stats()).toMatchObject({ samplesDropped: 0 });
  const two = await prober(first.url);
  await delay(awayMs / 2);

  const port = Number(new URL(first.url).port);
  const second = await startPrometheus({ scope, tool, dir, config: 'global: {}\n', port, keepData: true });
  // What waited is gone, and the next samples went through at once.
  await until(
    () => (two.sink.stats().samplesSent > 0 && two.sink.stats().samplesQueued < 200 ? true : undefined),
    60_000,
  );
  await two.runner.stop();
  expect(two.sink.stats()).toMatchObject({ samplesDropped: 0, samplesQueued: 0 });

  const range = `${Math.ceil(awayMs / 1_000) + 120}s`;
  const counts = new Map<string, number>();
  for (const name of new Set([...given.keys()].map((key) => key.split(' ')[0] ?? ''))) {
    for (const { labels, value } of await second.query(
      `sum by (target) (count_over_time(${name}{job="firedrill"}[${range}]))`,
    )) {
      counts.set(`${name} ${labels.target ?? ''}`, value);
    }
  }
  const total = (of: Map<string, number>) => [...of.values()].reduce((sum, count) => sum + count, 0);
  expect(total(given)).toBeGreaterThan((awayMs / intervalMs) * 3 * 15);
  expect(Object.fromEntries([...counts].sort())).toEqual(Object.fromEntries([...given].sort()));
}
