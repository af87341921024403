import { afterEach, describe, expect, test } from 'vitest';
import type { Fleet } from '../../../scripts/fleet/fleet.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import type { Metric } from '../../../thresholds/model.ts';
import {
  endpoint,
  expecting,
  exporter,
  httpService,
  level,
  metric,
  onRequests,
  simulating,
} from './fixtures/catalogue.ts';
import { ask, checkMetrics, fleetOf, until } from './fixtures/client.ts';

let running: Fleet | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A service `api` with these metrics and two endpoints, `/items/{item}` and POST `/buy`. */
async function serve(...metrics: Metric[]) {
  const endpoints = [
    endpoint('GET', '/items/{item}', { id: 'item', params: { item: ['a', 'b'] } }),
    endpoint('POST', '/buy', { id: 'buy', expect: expecting({ status: [201] }), body: '{"colour":"red"}' }),
  ];
  const started = await fleetOf([httpService('api', { endpoints, metrics })]);
  running = started.fleet;
  const times = async (count: number, path = '/items/a') => {
    for (let done = 0; done < count; done++) await started.get('api', path);
  };
  return { ...started, times, page: () => started.scrape('api') };
}

describe('a metric that moves with requests', () => {
  test('counts each request that was handled, by its labels', async () => {
    const labels = {
      method: '$method',
      path: '$path',
      id: '$endpoint',
      status: '$status',
      outcome: '$outcome',
      by: 'us',
    };
    const { times, get, page } = await serve(metric('requests_total', 'counter', onRequests(), { labels }));
    await times(3);
    await get('api', '/buy', { method: 'POST', body: { colour: 'red' } });
    const seen = await page();
    expect(
      seen.get('requests_total{method="GET",path="/items/{item}",id="item",status="200",outcome="success",by="us"}'),
    ).toBe(3);
    expect(seen.get('requests_total{method="POST",path="/buy",id="buy",status="201",outcome="success",by="us"}')).toBe(
      1,
    );
  });

  test('is exported at zero before its first event, failures included, so that rate() sees that', async () => {
    const labels = { id: '$endpoint', status: '$status' };
    const { page } = await serve(metric('requests_total', 'counter', onRequests(), { labels }));
    expect(Object.fromEntries(await page())).toEqual({
      'requests_total{id="item",status="200"}': 0,
      'requests_total{id="item",status="500"}': 0,
      'requests_total{id="item",status="503"}': 0,
      'requests_total{id="buy",status="201"}': 0,
      'requests_total{id="buy",status="500"}': 0,
      'requests_total{id="buy",status="503"}': 0,
    });
  });

  test('moves for the named endpoints alone', async () => {
    const { times, page } = await serve(metric('bought_total', 'counter', onRequests({ on: ['buy'] })));
    await times(2);
    expect((await page()).get('bought_total')).toBe(0);
  });

  test('does not count requests that no endpoint answers', async () => {
    const { get, page } = await serve(metric('requests_total', 'counter', onRequests()));
    await get('api', '/nowhere');
    expect((await page()).get('requests_total')).toBe(0);
  });

  test('observes the true handling time in seconds', async () => {
    const { times, page } = await serve(
      metric('duration_seconds', 'histogram', onRequests({ observe: 'duration' }), { buckets: [0.0001, 10] }),
    );
    await times(4);
    const seen = await page();
    expect(seen.get('duration_seconds_count')).toBe(4);
    expect(seen.get('duration_seconds_bucket{le="0.0001"}')).toBe(0);
    expect(seen.get('duration_seconds_bucket{le="10"}')).toBe(4);
    expect(seen.get('duration_seconds_sum')).toBeGreaterThan(0.004);
  });

  test('takes the values of arguments that the catalogue knows, and counts the others as one', async () => {
    const labels = { item: '$argument.item', colour: '$argument.colour' };
    const { get, page } = await serve(metric('items_total', 'counter', onRequests(), { labels }));
    for (const path of ['/items/a', '/items/a', '/items/b', '/items/4711']) await get('api', path);
    await get('api', '/buy', { method: 'POST', body: { colour: 'red' } });
    const seen = await page();
    expect(seen.get('items_total{item="a",colour=""}')).toBe(2);
    expect(seen.get('items_total{item="b",colour=""}')).toBe(1);
    expect(seen.get('items_total{item="other",colour=""}')).toBe(1);
    expect(seen.get('items_total{item="",colour="red"}')).toBe(1);
  });

  test('that shares a draw sees the same random number: a request is a hit or a miss, never both', async () => {
    const draw = 'cache';
    const { times, page } = await serve(
      metric('hits_total', 'counter', onRequests({ draw, share: [0, 0.6] })),
      metric('misses_total', 'counter', onRequests({ draw, share: [0.6, 1] })),
      metric('picks_total', 'counter', onRequests({ draw: 'pick' }), { labels: { kind: { a: 3, b: 1 } } }),
      metric('pick_seconds', 'histogram', onRequests({ draw: 'pick', observe: 'duration' }), {
        labels: { kind: { a: 3, b: 1 } },
      }),
    );
    await times(100);
    const seen = await page();
    const hits = seen.get('hits_total') ?? 0;
    expect(hits + (seen.get('misses_total') ?? 0)).toBe(100);
    expect(hits).toBeGreaterThan(40);
    expect(hits).toBeLessThan(80);
    expect(seen.get('picks_total{kind="a"}')).toBe(seen.get('pick_seconds_count{kind="a"}'));
    expect(seen.get('picks_total{kind="a"}')).toBeGreaterThan(seen.get('picks_total{kind="b"}') ?? 0);
  });

  test('warms up over the requests that the catalogue says', async () => {
    const warming = onRequests({ share: [0, 0], warmTo: { share: [0, 1], requests: 20 } });
    const { times, page } = await serve(metric('hits_total', 'counter', warming));
    await times(20);
    const cold = (await page()).get('hits_total') ?? 0;
    await times(20);
    const warm = ((await page()).get('hits_total') ?? 0) - cold;
    expect(cold).toBeLessThan(20);
    expect(warm).toBe(20);
  });

  test('draws values from a distribution', async () => {
    const { times, page } = await serve(
      metric('words', 'histogram', onRequests({ observe: { median: 200, p95: 300 } }), { buckets: [50, 1_000] }),
      metric('last_words', 'gauge', onRequests({ observe: { median: 200, p95: 300 } })),
    );
    await times(10);
    const seen = await page();
    expect([seen.get('words_bucket{le="50"}'), seen.get('words_bucket{le="1000"}')]).toEqual([0, 10]);
    expect(seen.get('last_words')).toBeGreaterThan(50);
    expect(seen.get('last_words')).toBeLessThan(1_000);
  });

  test('follows its faults while they are on', async () => {
    const faults = { 'cold-cache': [0, 0] as [number, number] };
    const slow = { 'slow-queries': { median: 3, p95: 4 } };
    const { fleet, times, page } = await serve(
      metric('hits_total', 'counter', onRequests({ faults })),
      metric('query_seconds', 'histogram', onRequests({ observe: { median: 0.01, p95: 0.02 }, faults: slow }), {
        buckets: [1, 10],
      }),
    );
    await fleet.inject('shop', { service: 'api', kind: 'cold-cache' });
    await fleet.inject('shop', { service: 'api', kind: 'slow-queries' });
    await times(5);
    const faulty = await page();
    expect([faulty.get('hits_total'), faulty.get('query_seconds_bucket{le="1"}')]).toEqual([0, 0]);
    await fleet.clear('shop');
    await times(5);
    const healthy = await page();
    expect([healthy.get('hits_total'), healthy.get('query_seconds_bucket{le="1"}')]).toEqual([5, 5]);
  });
});

describe('a metric that does not wait for requests', () => {
  test('stands at its value, within its jitter', async () => {
    const { page } = await serve(metric('cpu_percent', 'gauge', level(50, {}, 5)), metric('size', 'gauge', level(20)));
    const values = [];
    for (let count = 0; count < 20; count++) values.push((await page()).get('cpu_percent') ?? Number.NaN);
    expect(values.every((value) => value >= 45 && value <= 55)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(5);
    expect((await page()).get('size')).toBe(20);
  });

  test('stands exactly where a fault puts it', async () => {
    const { fleet, page } = await serve(metric('cpu_percent', 'gauge', level(50, { cpu: 95 }, 5)));
    await fleet.inject('shop', { service: 'api', kind: 'cpu' });
    expect((await page()).get('cpu_percent')).toBe(95);
    await fleet.clear('shop', 'api', 'cpu');
    expect((await page()).get('cpu_percent')).toBeLessThan(56);
  });

  test('tells the time, the start and the requests in flight', async () => {
    const { get, page, fleet } = await serve(
      metric('now_seconds', 'gauge', level('now')),
      metric('start_seconds', 'gauge', level('startTime')),
      metric('in_flight', 'gauge', level('inFlight')),
    );
    const seen = await page();
    expect(Math.abs((seen.get('now_seconds') ?? 0) - Date.now() / 1_000)).toBeLessThan(5);
    expect(seen.get('start_seconds')).toBeLessThanOrEqual(seen.get('now_seconds') ?? 0);
    expect(seen.get('in_flight')).toBe(0);
    await fleet.inject('shop', { service: 'api', kind: 'slow', delayMs: 300 });
    const pending = [get('api', '/items/a'), get('api', '/items/a')];
    await until(page, (now) => now.get('in_flight') === 2);
    await Promise.all(pending);
    expect((await page()).get('in_flight')).toBe(0);
  });

  test('ticks at its rate, shared by the weights of its labels, faster under a fault', async () => {
    const sim = { kind: 'ticking' as const, perSecond: 100, start: 1_000, observe: null, faults: { cpu: 0 } };
    const { fleet, page } = await serve(
      metric('cpu_seconds_total', 'counter', sim, { labels: { mode: { idle: 3, user: 1 } } }),
    );
    const read = async () => {
      const seen = await page();
      return [
        seen.get('cpu_seconds_total{mode="idle"}') ?? 0,
        seen.get('cpu_seconds_total{mode="user"}') ?? 0,
      ] as const;
    };
    const [idle, user] = await until(read, ([ticked]) => ticked > 760);
    expect((idle - 750) / (user - 250)).toBeCloseTo(3, 5);
    await fleet.inject('shop', { service: 'api', kind: 'cpu' });
    const stopped = await read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await read()).toEqual(stopped);
  });

  test('ticks into a histogram', async () => {
    const sim = { kind: 'ticking' as const, perSecond: 500, start: 0, observe: { median: 2, p95: 3 }, faults: {} };
    const { page } = await serve(metric('gc_seconds', 'histogram', sim, { buckets: [0.1, 100] }));
    const seen = await until(page, (now) => (now.get('gc_seconds_count') ?? 0) > 20);
    expect(seen.get('gc_seconds_bucket{le="0.1"}')).toBe(0);
  });

  test('may be made of several entries with one name', async () => {
    const entry = (mode: string, value: number) => metric('cpu_ratio', 'gauge', level(value), { labels: { mode } });
    const { page } = await serve(entry('idle', 0.9), entry('user', 0.1));
    expect(Object.fromEntries(await page())).toEqual({ 'cpu_ratio{mode="idle"}': 0.9, 'cpu_ratio{mode="user"}': 0.1 });
  });
});

describe('a metric that cannot be simulated stops the start:', () => {
  test.each([
    [
      'one name with two types',
      [metric('a', 'gauge', level(1)), metric('a', 'counter', level(1))],
      /one name has one type/,
    ],
    [
      'a source of labels that is not known',
      [metric('a_total', 'counter', onRequests(), { labels: { x: '$nope' } })],
      /\$nope/,
    ],
    ['a histogram that stands at a value', [metric('a', 'histogram', level(1))], /needs a distribution/],
    ['an endpoint that is not there', [metric('a_total', 'counter', onRequests({ on: ['gone'] }))], /no such endpoint/],
  ])('%s', async (_, metrics, reason) => {
    const failure = await serve(...metrics).catch((error) => error);
    expect(failure.message).toContain('shop/api');
    expect(failure.reason).toMatch(reason);
  });
});

describe('the metrics page', () => {
  const everything = [
    metric('requests_total', 'counter', onRequests(), { labels: { path: '$path', odd: 'a "b" \\ c\nd' } }),
    metric('duration_seconds', 'histogram', onRequests({ observe: 'duration' })),
    metric('cpu_percent', 'gauge', level(50)),
    metric('still', 'gauge', null, { labels: { attribute: ['young', 'male'] } }),
  ];

  test('has the content type that Prometheus 3 insists on', async () => {
    const { get } = await serve(...everything);
    expect((await get('api', '/metrics')).headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  test('carries no label that identifies the service: Prometheus adds those to the target', async () => {
    const { get } = await serve(...everything);
    expect((await get('api', '/metrics')).text).not.toMatch(/[{,](system|service|environment)="/);
  });

  test('is accepted by promtool', async () => {
    const { get, times } = await serve(...everything);
    await times(2);
    const { text } = await get('api', '/metrics');
    const { path } = await resolveTool('promtool');
    expect(await checkMetrics(path, text)).not.toMatch(/error while linting/);
    expect(await checkMetrics(path, `${text}this is no metric\n`)).toMatch(/error while linting/);
  });

  test('of an exporter is all that it has, beside a page with a link', async () => {
    const started = await fleetOf([exporter('node', [metric('node_load1', 'gauge', level(0.5))])]);
    running = started.fleet;
    expect((await started.scrape('node')).get('node_load1')).toBe(0.5);
    expect((await ask(started.url('node'))).text).toContain('href="/metrics"');
  });

  test('may be an endpoint itself, counted like any other', async () => {
    const page = endpoint('GET', '/metrics', {
      id: 'page',
      expect: expecting({ text: 'up_total' }),
      sim: simulating(),
    });
    const started = await fleetOf([
      httpService('grafana', { endpoints: [page], metrics: [metric('up_total', 'counter', onRequests())] }),
    ]);
    running = started.fleet;
    await started.scrape('grafana');
    expect((await started.scrape('grafana')).get('up_total')).toBe(1);
  });
});
