import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ProbeSink } from '../../probes/delivery/sink.ts';
import { renderText } from '../../probes/metrics/text.ts';
import { startProbes } from '../../probes/runner.ts';
import { catalogueOf, closedPort, httpSpec, serveHttp, serveTcp, tcpSpec, until } from './support.ts';

describe('the probe runner', () => {
  it('probes every target at its interval and judges them at the end', async () => {
    let requests = 0;
    await using good = await serveHttp((_, response) => {
      requests += 1;
      response.end();
    });
    await using cache = await serveTcp(() => {});
    const runner = startProbes({
      catalogue: catalogueOf({ good: httpSpec(), dead: httpSpec(), cache: tcpSpec() }),
      addresses: new Map([
        ['shop/good', `http://127.0.0.1:${good.port}`],
        ['shop/dead', `http://127.0.0.1:${await closedPort()}`],
        ['shop/cache', `tcp://127.0.0.1:${cache.port}`],
      ]),
      intervalMs: 50,
    });
    await until(() => ([...runner.results().values()].every(({ runs }) => runs >= 4) ? true : undefined));
    const rows = await runner.stop();
    expect(rows).toMatchObject([
      { target: 'shop/good', kind: 'http', failures: 0, unknown: 0, outcome: 'pass', reason: '' },
      {
        target: 'shop/dead',
        kind: 'http',
        outcome: 'fail',
        reason: expect.stringContaining('runs failed, refused: connect ECONNREFUSED'),
      },
      { target: 'shop/cache', kind: 'tcp', outcome: 'pass' },
    ]);
    const atTheEnd = requests;
    // One may have been under way: it reached the server and is not counted.
    expect(atTheEnd - (rows[0]?.runs ?? 0)).toBeOneOf([0, 1]);
    await delay(120);
    expect(requests).toBe(atTheEnd);
  });

  it.each([
    ['a run that ends in a verdict keeps the durations for its percentile', true, expect.any(Number)],
    ['one that goes on keeps none: they would be 20 MB of ten thousand targets', false, null],
  ])('%s', async (_, oneShot, p95Seconds) => {
    await using server = await serveHttp((_, response) => void response.end());
    const runner = startProbes({
      catalogue: catalogueOf({ good: httpSpec() }),
      addresses: new Map([['shop/good', `http://127.0.0.1:${server.port}`]]),
      intervalMs: 20,
      oneShot,
    });
    await until(() => ((runner.results().get('shop/good')?.runs ?? 0) >= 25 ? true : undefined));
    expect(await runner.stop()).toMatchObject([{ p95Seconds }]);
  });

  it('tells the sink of zeros first, then of each run, and ends the series at last, in rising times', async () => {
    const seen: [string, number, number][] = [];
    const sink: ProbeSink = {
      observe({ target, values }, timestampMs) {
        if (target.id !== '') seen.push(['observe', values.filter((value) => value > 0).length, timestampMs]);
      },
      end({ target }, timestampMs) {
        if (target.id !== '') seen.push(['end', 0, timestampMs]);
      },
      stop: async () => void seen.push(['stop', 0, Number.POSITIVE_INFINITY]),
    };
    await using server = await serveHttp((_, response) => void response.end());
    const runner = startProbes({
      catalogue: catalogueOf({ good: httpSpec() }),
      addresses: new Map([['shop/good', `http://127.0.0.1:${server.port}`]]),
      intervalMs: 30,
      sink,
    });
    await until(() => (seen.length >= 4 ? true : undefined));
    await runner.stop();
    expect(seen[0]).toMatchObject(['observe', 0, expect.any(Number)]);
    expect(seen[1]?.[1]).toBeGreaterThan(5);
    expect(seen.slice(-2).map(([what]) => what)).toEqual(['end', 'stop']);
    const times = seen.map(([, , timestampMs]) => timestampMs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('stops at once, and does not count the run that it cut short', async () => {
    let asked = 0;
    let left = 0;
    await using server = await serveHttp((request) => {
      asked += 1;
      request.socket.on('close', () => {
        left += 1;
      });
    });
    const runner = startProbes({
      catalogue: catalogueOf({ hanging: httpSpec({ timeoutMs: 20_000, intervalMs: 20 }) }),
      addresses: new Map([['shop/hanging', `http://127.0.0.1:${server.port}`]]),
    });
    await until(() => (asked > 0 ? true : undefined));
    const startMs = performance.now();
    expect(await runner.stop()).toMatchObject([{ runs: 0, outcome: 'inconclusive', reason: 'never ran' }]);
    expect(performance.now() - startMs).toBeLessThan(500);
    await until(() => (left === asked ? true : undefined), 1_000);
  });

  it('counts what it saw while this process stalled as unknown', async () => {
    await using server = await serveHttp((_, response) => {
      const endMs = performance.now() + 120;
      while (performance.now() < endMs);
      response.end();
    });
    const runner = startProbes({
      catalogue: catalogueOf({ web: httpSpec({ timeoutMs: 1_000 }) }),
      addresses: new Map([['shop/web', `http://127.0.0.1:${server.port}`]]),
      intervalMs: 300,
    });
    await until(() => ((runner.results().get('shop/web')?.runs ?? 0) >= 2 ? true : undefined));
    const [row] = await runner.stop();
    expect(row).toMatchObject({ failures: 0, unknown: row?.runs, outcome: 'inconclusive' });
    expect(row?.reason).toMatch(/could not be judged, at most 10 % allowed, lagging: the prober stalled for 1\d\d ms/);
  });

  it('ends the gauges of a target that it could not judge three times in a row', async () => {
    await using server = await serveHttp((_, response) => void response.end());
    const catalogue = catalogueOf({ web: httpSpec() });
    const [web] = catalogue.systems[0]?.services ?? [];
    if (web !== undefined) web.auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
    const env: Record<string, string> = { TOKEN: 'there' };
    const ended: number[] = [];
    const runner = startProbes({
      catalogue,
      addresses: new Map([['shop/web', `http://127.0.0.1:${server.port}`]]),
      intervalMs: 20,
      env,
      sink: {
        observe() {},
        end({ target }) {
          if (target.id !== '') ended.push(runner.results().get('shop/web')?.unknown ?? -1);
        },
        stop: async () => {},
      },
    });
    const success = () => [...renderText(runner.registry)].join('').match(/^probe_success\{.*\} (.*)$/m)?.[1];
    await until(() => success());
    expect(success()).toBe('1');
    delete env.TOKEN;
    await until(() => (ended.length > 0 ? true : undefined));
    expect(ended).toEqual([3]);
    expect(success()).toBeUndefined();
    env.TOKEN = 'back';
    expect(await until(() => success())).toBe('1');
    await runner.stop();
  });

  it('refuses to start with every unusable address named', () => {
    const start = () =>
      startProbes({
        catalogue: catalogueOf({ gone: httpSpec(), wrong: httpSpec(), open: tcpSpec() }),
        addresses: new Map([
          ['shop/wrong', 'tcp://127.0.0.1:1'],
          ['shop/open', 'tcp://cache'],
        ]),
      });
    expect(start).toThrow(
      [
        'shop.yaml:2: shop/gone has no address: nothing listens for it in this environment',
        'shop.yaml:3: shop/wrong has the address tcp://127.0.0.1:1, but its http probe needs http:// or https://: set probe.kind to tcp',
        'shop.yaml:4: shop/open has the address tcp://cache, but a tcp probe needs a port: tcp://host:port',
      ].join('\n'),
    );
  });
});
