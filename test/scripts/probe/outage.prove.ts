import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import { startProbes } from '../../../probes/runner.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { catalogueOf, httpSpec, serveHttp, until } from '../../probes/support.ts';
import { testRun } from '../stack/helpers.ts';

it('a Prometheus that is away for ten seconds costs no sample', async () => {
  const { dir, scope } = await testRun();
  const tool = await resolveTool('prometheus');
  await using web = await serveHttp((_, response) => void response.end());
  const first = await startPrometheus({ scope, tool, dir, config: 'global: {}\n' });
  const sink = createRemoteWrite({ url: `${first.url}/api/v1/write`, clock: systemClock(), flushIntervalMs: 100 });
  const runner = startProbes({
    catalogue: catalogueOf({ web: httpSpec() }),
    addresses: new Map([['shop/web', `http://127.0.0.1:${web.port}`]]),
    intervalMs: 100,
    sink,
  });
  await until(() => (sink.stats().samplesSent > 200 ? true : undefined));
  await first.stop();
  const atTheStop = runner.results().get('shop/web')?.runs ?? 0;
  await delay(10_000);
  expect(sink.stats().retries).toBeGreaterThan(3);

  const second = await startPrometheus({
    scope,
    tool,
    dir,
    config: 'global: {}\n',
    port: Number(new URL(first.url).port),
  });
  await until(() => (sink.stats().samplesQueued < 100 ? true : undefined), 20_000);
  await runner.stop();
  const runs = runner.results().get('shop/web')?.runs ?? 0;
  // The second has an empty store: all that it holds was sent after the outage.
  const [kept] = await second.query('count_over_time(probe_success[1m])');
  expect(kept?.value).toBeGreaterThanOrEqual(runs - atTheStop);
  expect(runs - atTheStop).toBeGreaterThan(90);
  expect(sink.stats()).toMatchObject({ samplesDropped: 0, samplesQueued: 0 });
}, 60_000);
