import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fleet } from '../../../scripts/fleet/fleet.ts';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from '../../../thresholds/faults.ts';
import {
  datastore,
  endpoint,
  expecting,
  exporter,
  httpService,
  level,
  llmService,
  metric,
  onRequests,
} from './fixtures/catalogue.ts';
import { fleetOf, outcomeOf, until } from './fixtures/client.ts';

let fleet: Fleet;
let started: Awaited<ReturnType<typeof fleetOf>>;
let folder: string;

const LEVELS: FaultKind[] = ['exhausted-pool', 'cpu', 'memory', 'disk', 'drift', 'accuracy'];

/** Everything that some fault needs: `api`, the encrypted `shop`, and what stands beside them untouched. */
const services = [
  httpService('api', {
    endpoints: [endpoint('GET', '/health', { expect: expecting({ json: { '$.status': 'ok' } }) })],
    metrics: [
      metric('requests_total', 'counter', onRequests(), { labels: { status: '$status' } }),
      metric('in_flight', 'gauge', level('inFlight')),
      metric('model_loaded', 'gauge', level(1, { 'unloaded-model': 0 })),
      metric('hits_total', 'counter', onRequests({ faults: { 'cold-cache': [0, 0] } })),
      metric('query_seconds', 'histogram', onRequests({ faults: { 'slow-queries': { median: 3, p95: 4 } } })),
      ...LEVELS.map((kind) => metric(`${kind.replaceAll('-', '_')}_level`, 'gauge', level(1, { [kind]: 9 }))),
    ],
  }),
  httpService('shop', { address: { kind: 'fleet', tls: true } }),
  httpService('other'),
];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  started = await fleetOf(services, { certificateDir: folder });
  fleet = started.fleet;
});

afterEach(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

const inject = (fault: Partial<Fault> & { kind: FaultKind }) => fleet.inject('shop', { service: 'api', ...fault });
const health = (timeoutMs = 5_000) => outcomeOf(started.get('api', '/health', { timeoutMs }));

describe('a fault is seen from outside while it is on, and gone once it is cleared:', () => {
  test('down refuses connections, and the same port answers again', async () => {
    const before = started.port('api');
    await inject({ kind: 'down' });
    expect(await health()).toBe('ECONNREFUSED');
    await fleet.clear('shop', 'api', 'down');
    expect(await health()).toBe('answered 200');
    expect(started.port('api')).toBe(before);
  });

  test('down ends connections that stand', async () => {
    await inject({ kind: 'slow', delayMs: 2_000 });
    const pending = health();
    await until(
      () => started.scrape('api'),
      (seen) => seen.get('in_flight') === 1,
    );
    await inject({ kind: 'down' });
    expect(await pending).not.toMatch(/answered/);
  });

  test('refusing resets connections', async () => {
    await inject({ kind: 'refusing' });
    expect(await health()).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    await fleet.clear('shop', 'api', 'refusing');
    expect(await health()).toBe('answered 200');
  });

  test('hanging accepts connections and never answers', async () => {
    await inject({ kind: 'hanging' });
    expect(await health(300)).toMatch(/Timeout|ABORT/);
    await fleet.clear('shop', 'api', 'hanging');
    expect(await health()).toBe('answered 200');
  });

  test('hanging holds clients until it is cleared', async () => {
    await inject({ kind: 'hanging' });
    const pending = health(5_000);
    await sleep(100);
    await fleet.clear('shop', 'api', 'hanging');
    expect(await pending).not.toMatch(/answered|Timeout/);
  });

  test('slow adds to the latency', async () => {
    await inject({ kind: 'slow', delayMs: 600 });
    expect((await started.get('api', '/health')).ms).toBeGreaterThan(600);
    await fleet.clear('shop', 'api', 'slow');
    expect((await started.get('api', '/health')).ms).toBeLessThan(500);
  });

  test('errors answers a share of the requests with 500, counted as such', async () => {
    await inject({ kind: 'errors', share: 0.5 });
    const outcomes = [];
    for (let count = 0; count < 60; count++) outcomes.push(await health());
    const failed = outcomes.filter((outcome) => outcome === 'answered 500').length;
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
    const seen = await started.scrape('api');
    expect(seen.get('requests_total{status="500"}')).toBe(failed);
    expect(seen.get('requests_total{status="200"}')).toBe(60 - failed);
    await fleet.clear('shop');
    expect(await health()).toBe('answered 200');
  });

  test('wrong-body keeps the status and changes the content', async () => {
    await inject({ kind: 'wrong-body' });
    const { status, text } = await started.get('api', '/health');
    expect([status, text]).toEqual([200, '{"unexpected":true}']);
    await fleet.clear('shop');
    expect((await started.get('api', '/health')).text).toBe('{"status":"ok"}');
  });

  test('expired-certificate fails the handshake', async () => {
    const ca = await readFile(fleet.caFile ?? '', 'utf8');
    const secure = () => outcomeOf(started.get('shop', '/health', { ca }));
    expect(await secure()).toBe('answered 200');
    await fleet.inject('shop', { service: 'shop', kind: 'expired-certificate' });
    expect(await secure()).toBe('CERT_HAS_EXPIRED');
    await fleet.clear('shop');
    expect(await secure()).toBe('answered 200');
  });

  test('expired-certificate ends connections that stand: they were made with the valid one', async () => {
    const ca = await readFile(fleet.caFile ?? '', 'utf8');
    const agent = new Agent({ connect: { ca }, keepAliveTimeout: 60_000 });
    const once = async () => {
      const answer = await agent.request({ origin: started.url('shop'), path: '/health', method: 'GET' });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect(await once()).toBe(200);
    await fleet.inject('shop', { service: 'shop', kind: 'expired-certificate' });
    await expect(until(once, () => false, 1_000)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
    await agent.destroy();
  });

  test('an encrypted service is not trusted without its authority', async () => {
    expect(await outcomeOf(started.get('shop', '/health'))).toMatch(/CERT|UNABLE_TO_VERIFY|SELF_SIGNED/);
  });

  test('unloaded-model answers 503 and says so in its metric', async () => {
    await inject({ kind: 'unloaded-model' });
    expect(await health()).toBe('answered 503');
    expect((await started.scrape('api')).get('model_loaded')).toBe(0);
    await fleet.clear('shop');
    expect(await health()).toBe('answered 200');
    expect((await started.scrape('api')).get('model_loaded')).toBe(1);
  });

  test.each(LEVELS)('%s moves the metrics that declare it', async (kind) => {
    const name = `${kind.replaceAll('-', '_')}_level`;
    await inject({ kind });
    expect((await started.scrape('api')).get(name)).toBe(9);
    expect(await health()).toBe('answered 200');
    await fleet.clear('shop', 'api', kind);
    expect((await started.scrape('api')).get(name)).toBe(1);
  });

  test('silent-metrics leaves scrapes unanswered, and nothing else', async () => {
    await inject({ kind: 'silent-metrics' });
    expect(await outcomeOf(started.get('api', '/metrics', { timeoutMs: 300 }))).toMatch(/Timeout|ABORT/);
    expect(await health()).toBe('answered 200');
    await fleet.clear('shop');
    expect((await started.scrape('api')).size).toBeGreaterThan(0);
  });

  test('vanished-metrics leaves out the named metrics, or all', async () => {
    const all = (await started.scrape('api')).size;
    await inject({ kind: 'vanished-metrics', metrics: ['model_loaded'] });
    const fewer = await started.scrape('api');
    expect([fewer.has('model_loaded'), fewer.size]).toEqual([false, all - 1]);
    await inject({ kind: 'vanished-metrics' });
    expect((await started.scrape('api')).size).toBe(0);
    await fleet.clear('shop');
    expect((await started.scrape('api')).size).toBe(all);
  });
});

describe('faults', () => {
  test('at one service leave the others alone', async () => {
    await inject({ kind: 'down' });
    expect(await outcomeOf(started.get('other', '/health'))).toBe('answered 200');
  });

  test('of several kinds act together and end one by one', async () => {
    await inject({ kind: 'slow', delayMs: 200 });
    await inject({ kind: 'errors' });
    const both = await started.get('api', '/health');
    expect(both.status).toBe(500);
    expect(both.ms).toBeGreaterThan(200);
    await fleet.clear('shop', 'api', 'errors');
    const one = await started.get('api', '/health');
    expect(one.status).toBe(200);
    expect(one.ms).toBeGreaterThan(200);
  });

  test('with a duration end by themselves', async () => {
    await inject({ kind: 'down', durationMs: 200 });
    expect(await health()).toBe('ECONNREFUSED');
    await until(health, (outcome) => outcome === 'answered 200', 2_000);
  });

  test('that are switched on again begin their duration anew', async () => {
    await inject({ kind: 'errors', durationMs: 100 });
    await inject({ kind: 'errors' });
    await sleep(200);
    expect(await health()).toBe('answered 500');
  });

  test('switched fast and often leave a healthy service', async () => {
    const switches = Array.from({ length: 10 }, () => [inject({ kind: 'down' }), fleet.clear('shop', 'api')]).flat();
    await Promise.all(switches);
    expect(await health()).toBe('answered 200');
  });

  test('do not outlive the fleet', async () => {
    await inject({ kind: 'down' });
    await fleet.stop();
    expect(await health()).toBe('ECONNREFUSED');
  });
});

describe('a fault without effect is refused:', () => {
  const bare = httpService('bare', { scrape: null });
  const targets = [
    bare,
    exporter('node', [metric('node_load1', 'gauge', level(0.5))]),
    datastore('files', 'other'),
    llmService('model', 'openai'),
    httpService('blind', { endpoints: [endpoint('GET', '/', { expect: expecting() })] }),
  ];

  test.each<[string, string, Partial<Fault> & { kind: FaultKind }, RegExp]>([
    ['expired-certificate on plain text', 'bare', { kind: 'expired-certificate' }, /plain text/],
    ['slow without a delay', 'bare', { kind: 'slow' }, /delay above 0/],
    ['slow where nothing answers', 'files', { kind: 'slow', delayMs: 100 }, /never answers/],
    ['errors at a datastore', 'files', { kind: 'errors' }, /kind http or llm or mcp or exporter, this is datastore/],
    ['a metric fault without a metric', 'node', { kind: 'cpu' }, /no metric of the service declares it/],
    ['a metric fault without metrics', 'bare', { kind: 'cpu' }, /exports no metrics/],
    ['silent metrics without metrics', 'bare', { kind: 'silent-metrics' }, /exports no metrics/],
    ['vanishing of an unknown metric', 'node', { kind: 'vanished-metrics', metrics: ['nope'] }, /no metric nope/],
    ['a provider fault at a service that is none', 'bare', { kind: 'stalled-stream' }, /kind llm, this is http/],
    ['slow-first-token without a delay', 'model', { kind: 'slow-first-token' }, /delay above 0/],
    ['wrong-body where any body is right', 'blind', { kind: 'wrong-body' }, /expects anything of the body/],
  ])('%s', async (_, service, fault, reason) => {
    const { fleet: other } = await fleetOf(targets);
    const failure = await other.inject('shop', { service, ...fault }).catch((error) => error);
    await other.stop();
    expect(failure).toBeInstanceOf(HarnessError);
    expect(failure.message).toBe(`fault ${fault.kind} cannot be switched on at shop/${service}`);
    expect(failure.reason).toMatch(reason);
  });

  test('at a service that the fleet does not have', async () => {
    const failure = await fleet.inject('shop', { service: 'nobody', kind: 'down' }).catch((error) => error);
    expect(failure.message).toBe('the fleet has no service shop/nobody');
    expect(failure.reason).toContain('shop/api');
  });
});

test('every kind of fault has a definition', async () => {
  const { FAULTS } = await import('../../../scripts/fleet/faults/index.ts');
  expect(Object.keys(FAULTS).toSorted()).toEqual([...FAULT_KINDS].toSorted());
});
