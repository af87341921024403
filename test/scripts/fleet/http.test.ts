import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../../scripts/fleet/fleet.ts';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { catalogueOf, endpoint, expecting, httpService, simulating } from './fixtures/catalogue.ts';
import { ask, fleetOf } from './fixtures/client.ts';

let running: Fleet | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(...args: Parameters<typeof fleetOf>) {
  const started = await fleetOf(...args);
  running = started.fleet;
  return started;
}

const api = httpService('api', {
  endpoints: [
    endpoint('GET', '/health', { expect: expecting({ json: { '$.status': 'ok' } }) }),
    endpoint('GET', '/users/{user}/orders/{order}', { sim: simulating({ body: { id: 7 } }) }),
    endpoint('POST', '/orders', { expect: expecting({ status: [201] }), sim: simulating({ body: { id: 8 } }) }),
    endpoint('DELETE', '/orders/{order}', { expect: expecting({ status: [204] }) }),
    endpoint('GET', '/search?kind=book', { sim: simulating({ body: { kind: 'book' } }) }),
    endpoint('GET', '/search?kind=film', { sim: simulating({ body: { kind: 'film' } }) }),
    endpoint('POST', '/ask', { id: 'one', body: '{"n":1}', sim: simulating({ body: 'first' }) }),
    endpoint('POST', '/ask', { id: 'two', body: '{"n":2}', sim: simulating({ body: 'second' }) }),
  ],
});

describe('an HTTP service of the fleet', () => {
  test.each([
    ['a path', 'GET', '/health', undefined, 200, '{"status":"ok"}'],
    ['a path with parameters', 'GET', '/users/u%201/orders/42', undefined, 200, '{"id":7}'],
    ['another status than 200', 'POST', '/orders', { item: 1 }, 201, '{"id":8}'],
    ['an answer without a body', 'DELETE', '/orders/1', undefined, 204, ''],
    ['one of two endpoints by its query', 'GET', '/search?kind=film', undefined, 200, '{"kind":"film"}'],
    ['one of two endpoints by its body', 'POST', '/ask', '{"n":2}', 200, 'second'],
    ['an unknown path', 'GET', '/nowhere', undefined, 404, '{"error":"not found"}'],
    ['another method', 'PUT', '/health', undefined, 405, '{"error":"method not allowed"}'],
  ])('answers %s', async (_, method, path, body, status, text) => {
    const { get } = await start([api]);
    const answer = await get('api', path, { method, body });
    expect(answer.status).toBe(status);
    expect(answer.text).toBe(text);
  });

  test('names the methods that it has', async () => {
    const { get } = await start([api]);
    expect((await get('api', '/orders', { method: 'GET' })).headers.allow).toBe('POST');
  });

  test('answers HEAD with the headers of GET and no body', async () => {
    const { get } = await start([api]);
    const { status, text, headers } = await get('api', '/health', { method: 'HEAD' });
    expect([status, text, headers['content-length']]).toEqual([200, '', '15']);
  });

  test('refuses a body that is too large', async () => {
    const { get } = await start([api]);
    expect((await get('api', '/orders', { method: 'POST', body: 'x'.repeat(1_100_000) })).status).toBe(413);
  });

  test('keeps a connection for further requests', async () => {
    const { url } = await start([api]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = [];
    for (let count = 0; count < 3; count++) {
      const { port } = await new Promise<{ port: number | undefined }>((resolve, reject) => {
        const req = request(`${url('api')}/health`, { agent }, (res) => {
          const used = res.socket.localPort;
          res.resume().once('end', () => resolve({ port: used }));
        });
        req.once('error', reject).end();
      });
      ports.push(port);
    }
    agent.destroy();
    expect(new Set(ports).size).toBe(1);
  });

  test('takes the time that the catalogue says: half of the answers are slower than the median', async () => {
    const slow = httpService('slow', {
      endpoints: [endpoint('GET', '/', { sim: simulating({ latencyMs: { median: 40, p95: 80 } }) })],
    });
    const { get } = await start([slow]);
    const times = (await Promise.all(Array.from({ length: 60 }, () => get('slow', '/')))).map(({ ms }) => ms);
    const sorted = times.toSorted((a, b) => a - b);
    expect(sorted[30]).toBeGreaterThan(30);
    expect(sorted[0]).toBeGreaterThan(8);
    expect(sorted[59]).toBeGreaterThan(50);
  });

  test('draws the same latencies for the same seed', async () => {
    const { lognormal, seededRandom } = await import('../../../scripts/fleet/random.ts');
    const draw = (seed: number) => {
      const next = lognormal({ median: 100, p95: 300 }, seededRandom(seed));
      return Array.from({ length: 20_000 }, next).toSorted((a, b) => a - b);
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect((draw(5)[10_000] ?? 0) / 100).toBeCloseTo(1, 1);
    expect((draw(5)[19_000] ?? 0) / 300).toBeCloseTo(1, 1);
  });

  test('counts requests by target and endpoint', async () => {
    const { fleet, get } = await start([api]);
    await Promise.all([get('api', '/health'), get('api', '/health'), get('api', '/nowhere'), get('api', '/metrics')]);
    const stats = (await fleet.stats()).services['shop/api'];
    expect(stats?.endpoints['GET /health']).toEqual({ requests: 2, errors: 0 });
    expect(stats?.other).toBe(1);
    expect(stats?.scrapes).toBe(1);
  });
});

describe('the answer of an endpoint without a body of its own', () => {
  const pattern = '^[A-F0-9]{4}-(red|blue)\\d+ok$';
  test.each([
    ['conditions on paths', expecting({ json: { '$.data[1].id': { type: 'number' }, '$.data': { minItems: 2 } } })],
    ['a nested object', expecting({ json: { '$.a.b.c': true, '$.a.n': null, '$.a.list': { type: 'array' } } })],
    ['a pattern in JSON', expecting({ json: { '$.id': { matches: pattern } } })],
    ['a pattern of the text', expecting({ text: pattern })],
    ['a header', expecting({ headers: { 'x-version': '^v\\d+$' } })],
  ])('is made to meet %s', async (_, expected) => {
    const { findMismatch } = await import('../../../thresholds/expectation.ts');
    const { get } = await start([httpService('api', { endpoints: [endpoint('GET', '/', { expect: expected })] })]);
    const { status, text, headers } = await get('api', '/');
    const header = (name: string) => headers[name] as string | undefined;
    expect(findMismatch(expected, { status, text, header })).toBeUndefined();
  });

  test('is refused at the start when it cannot be made up', async () => {
    const impossible = endpoint('GET', '/', { expect: expecting({ text: '^(?=.*a)(?=.*b)\\w{2}$' }) });
    await expect(start([httpService('api', { endpoints: [impossible] })])).rejects.toThrow(HarnessError);
  });

  test('is refused at the start when the given body is not as expected', async () => {
    const wrong = endpoint('GET', '/', {
      expect: expecting({ json: { '$.a': 1 } }),
      sim: simulating({ body: { a: 2 } }),
    });
    const failure = await start([httpService('api', { endpoints: [wrong] })]).catch((error: HarnessError) => error);
    expect((failure as HarnessError).describe()).toMatch(
      /no answer for GET \/[\s\S]*\$\.a is 2, expected 1[\s\S]*shop\.yaml:1/,
    );
  });
});

describe('ports', () => {
  test("are the service's own when asked for", async () => {
    const free = createServer();
    const port = await new Promise<number>((resolve) => {
      free.listen(0, '127.0.0.1', () => resolve((free.address() as AddressInfo).port));
    });
    await new Promise((resolve) => free.close(resolve));
    running = await startFleet({ catalogue: catalogueOf({ ...api, port }), ports: 'own' });
    expect((await ask(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });

  test('that are taken stop the start, with service and port in the message', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as AddressInfo).port));
    });
    const failure = await startFleet({ catalogue: catalogueOf({ ...api, port }), ports: 'own' }).catch(
      (error) => error,
    );
    await new Promise((resolve) => taken.close(resolve));
    expect(failure).toBeInstanceOf(HarnessError);
    expect(failure.message).toContain(`shop/api: the simulated service cannot listen on port ${port}`);
    expect(failure.reason).toBe('another process uses the port');
  });

  test('are left alone for services with a real address', async () => {
    const real = httpService('real', { address: { kind: 'url', url: 'http://127.0.0.1:9' } });
    const { fleet } = await start([api, real]);
    expect([...fleet.addresses.keys()]).toEqual(['shop/api']);
  });

  test('are closed after stop', async () => {
    const { fleet, url } = await fleetOf([api]);
    await fleet.stop();
    await expect(ask(`${url('api')}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
