import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import type { HttpEndpoint } from '../../../thresholds/model.ts';
import { worstOutcome } from '../../../thresholds/outcome.ts';
import { catalogueOf, httpEndpoint, httpService, LENIENT, OK } from './catalogue.ts';
import { healthy, load, rowOf, startServer } from './helpers.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const oneEndpoint = (over: Partial<HttpEndpoint> = {}) => catalogueOf(httpService({ endpoints: [httpEndpoint(over)] }));
const CLOSED_PORT = 'http://127.0.0.1:1';

describe('a load run by k6', () => {
  it('passes a service that keeps its promises, on exactly the samples that it asked for', async () => {
    const seen: string[] = [];
    const url = await startServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['x-tenant']}`);
      healthy(request, response);
    });
    const endpoint = httpEndpoint({
      id: 'GET /user/{id}',
      path: '/user/{id}',
      params: { id: ['a', 'b c'] },
      headers: { 'X-Tenant': 't1' },
      expect: { ...OK, json: { '$.ok': true }, headers: { 'Content-Type': 'json' } },
      objectives: { ...LENIENT, success: 0.95, meanMs: 300, maxMs: 900 },
    });
    const result = await load({ url, catalogue: catalogueOf(httpService({ endpoints: [endpoint] })) });
    expect(result.rows.map(({ objective, outcome }) => `${objective} ${outcome}`)).toEqual([
      'p50 pass',
      'success pass',
      'mean pass',
      'max pass',
    ]);
    expect(rowOf(result, 'success')).toMatchObject({ samples: 62, measured: 1, endpoint: 'GET /user/{id}' });
    expect(rowOf(result, 'p50')).toMatchObject({ samples: 62, limit: 0.4, unit: 'seconds', place: 'test.yaml:7' });
    expect(result).toMatchObject({ requests: 62, droppedIterations: 0, exceptions: 0, problems: [], k6ExitCode: 0 });
    expect(seen).toHaveLength(62);
    expect(new Set(seen)).toEqual(new Set(['GET /user/a t1', 'GET /user/b%20c t1']));
  });

  it('fails a slow endpoint with the share of slow answers, and leaves the other one alone', async () => {
    const url = await startServer((request, response) => {
      setTimeout(() => healthy(request, response), request.url === '/slow' ? 450 : 0);
    });
    const endpoints = ['/slow', '/fast'].map((path) => httpEndpoint({ id: path, path }));
    const result = await load({ url, catalogue: catalogueOf(httpService({ endpoints })) });
    const slow = rowOf(result, 'p50', '/slow');
    expect(slow).toMatchObject({ outcome: 'fail', samples: 21 });
    expect(slow?.reason).toMatch(
      /^21 of 21 \(100 %\) over the limit, at most 50 % allowed \(p50 4\d\d ms, limit 400 ms\)/,
    );
    expect(rowOf(result, 'p50', '/fast')).toMatchObject({ outcome: 'pass' });
    expect(result.k6ExitCode).toBe(99);
  });

  it('counts only answers over the limit as slow, in a mix', async () => {
    let turn = 0;
    const url = await startServer((request, response) => {
      turn += 1;
      setTimeout(() => healthy(request, response), turn % 4 === 0 ? 300 : 0);
    });
    const latency = [
      { name: 'p50', quantile: 0.5, limitMs: 200 },
      { name: 'p90', quantile: 0.9, limitMs: 200 },
    ];
    const result = await load({ url, catalogue: oneEndpoint({ objectives: { ...LENIENT, latency } }) });
    const { samples = 0 } = rowOf(result, 'p90') ?? {};
    expect(rowOf(result, 'p50')).toMatchObject({ outcome: 'pass' });
    expect(rowOf(result, 'p90')?.reason).toContain(`${Math.floor(samples / 4)} of ${samples} `);
  });

  it('fails a service that answers with the wrong status, and judges no time of such answers', async () => {
    const url = await startServer((_, response) => response.writeHead(503).end());
    const result = await load({ url, catalogue: oneEndpoint() });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail', measured: 0 });
    expect(rowOf(result, 'success')?.reason).toContain('first: status 503, expected 200');
    expect(rowOf(result, 'p50')).toMatchObject({ outcome: 'inconclusive', samples: 0, measured: null });
  });

  it('fails a service with the wrong body', async () => {
    const url = await startServer(healthy);
    const expectOff = { ...OK, json: { '$.ok': false } };
    const result = await load({ url, catalogue: oneEndpoint({ expect: expectOff }) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail' });
    expect(rowOf(result, 'success')?.reason).toContain('first: $.ok is true, expected false');
    expect(rowOf(result, 'p50')).toMatchObject({ outcome: 'pass' });
  });

  it('fails a service that is down from the start', async () => {
    const result = await load({ url: CLOSED_PORT, catalogue: oneEndpoint() });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail', measured: 0, samples: 21 });
    expect(rowOf(result, 'success')?.reason).toContain('connection refused');
    expect(worstOutcome([...result.problems, ...result.rows])).toBe('fail');
  });

  it('fails a service that hangs, once its requests have timed out', async () => {
    const url = await startServer(() => undefined);
    const result = await load({ url, catalogue: oneEndpoint({ timeoutMs: 300 }) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail', measured: 0, samples: 21 });
    expect(rowOf(result, 'success')?.reason).toContain('timeout');
  });

  it('does not follow redirects: they are answers of the endpoint too', async () => {
    const url = await startServer((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const result = await load({ url, catalogue: oneEndpoint() });
    expect(rowOf(result, 'success')?.reason).toContain('status 302, expected 200');
    expect(result.requests).toBe(21);
  });

  it('is inconclusive where a budget of one request was allowed', async () => {
    const url = await startServer(healthy);
    const result = await load({ url, catalogue: catalogueOf(httpService({ requestBudget: 1 })) });
    expect(result.requests).toBe(1);
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'inconclusive', samples: 1 });
    expect(rowOf(result, 'success')?.reason).toContain('the request budget of shop/web allows 1 requests here');
    expect(worstOutcome([...result.problems, ...result.rows])).toBe('inconclusive');
  });

  it('is inconclusive for an endpoint that a budget left without a request', async () => {
    const url = await startServer(healthy);
    const endpoints = ['/a', '/b'].map((path) => httpEndpoint({ id: path, path }));
    const result = await load({ url, catalogue: catalogueOf(httpService({ endpoints, requestBudget: 1 })) });
    expect(rowOf(result, 'success', '/b')).toMatchObject({ outcome: 'inconclusive', samples: 0 });
    expect(rowOf(result, 'success', '/b')?.reason).toMatch(/^endpoint never hit: budget spent/);
  });

  it('never sends more than the whole run may', async () => {
    const url = await startServer(healthy);
    const endpoints = ['/a', '/b', '/c'].map((path) => httpEndpoint({ id: path, path }));
    const options = { durationMs: 500, maxRequests: 20 };
    const result = await load({ url, catalogue: catalogueOf(httpService({ endpoints })), options });
    expect(result.requests).toBe(20);
  });

  it('is inconclusive when a scenario puts its samples under a mistyped tag', async () => {
    const url = await startServer(healthy);
    const result = await load({ url, catalogue: oneEndpoint(), entry: fixture('mistyped-tag') });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'inconclusive', samples: 0 });
    expect(result.problems).toEqual([
      {
        phase: 'load',
        outcome: 'inconclusive',
        reason: expect.stringContaining('sent 21 requests, but the rows account for 0'),
      },
    ]);
  });

  it('is broken when a scenario throws in some iterations, though every sample is good', async () => {
    const url = await startServer(healthy);
    const result = await load({ url, catalogue: oneEndpoint(), entry: fixture('throws') });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'broken', measured: 1 });
    expect(rowOf(result, 'success')?.reason).toMatch(
      /^the scenario threw in \d+ iterations: TypeError: no such field$/,
    );
    expect(result.exceptions).toBeGreaterThan(0);
  });

  it('is broken when a scenario throws where it does not catch', async () => {
    const result = await load({ url: CLOSED_PORT, catalogue: oneEndpoint(), entry: fixture('throws-uncaught') });
    expect(result.k6ExitCode).toBe(99);
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'broken', samples: 0 });
    expect(rowOf(result, 'success')?.reason).toBe('the scenario threw in 21 iterations: TypeError: no such field');
    expect(result.exceptions).toBe(21);
    expect(result.problems[0]).toMatchObject({ outcome: 'broken', reason: rowOf(result, 'success')?.reason });
  });

  it('is broken when the program throws before it starts', async () => {
    const result = await load({ url: CLOSED_PORT, catalogue: oneEndpoint(), entry: fixture('throws-at-start') });
    expect(result.k6ExitCode).toBe(107);
    expect(result.problems[0]).toMatchObject({ outcome: 'broken' });
    expect(result.problems[0]?.reason).toContain('the scenario program threw an exception (exit code 107)');
    expect(result.problems[0]?.reason).toContain('not today');
    expect(result.rows.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive']);
  });

  it('is broken when k6 is killed in the middle', async () => {
    const scope = new ProcessScope();
    const url = await startServer(healthy);
    const children: number[] = [];
    const start = scope.start.bind(scope);
    scope.start = async (options) => {
      const child = await start(options);
      children.push(child.pid);
      return child;
    };
    const kill = () => {
      const pid = children.pop();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    };
    const options = { durationMs: 20_000 };
    const result = await load({ url, catalogue: oneEndpoint(), options, scope, onProgress: kill });
    expect(result.problems[0]).toMatchObject({ phase: 'load', outcome: 'broken' });
    expect(result.problems[0]?.reason).toContain('k6 was killed by SIGKILL');
    expect(rowOf(result, 'success')?.reason).toBe('not measured: k6 was killed by SIGKILL');
  });

  it('keeps and judges what was measured when it is interrupted', async () => {
    const url = await startServer(healthy);
    const abort = new AbortController();
    const result = await load({
      url,
      catalogue: oneEndpoint({ objectives: { ...LENIENT, success: 0.95 } }),
      options: { durationMs: 20_000 },
      signal: abort.signal,
      onProgress: ({ elapsedMs }) => elapsedMs > 1_500 && abort.abort(),
    });
    expect(result.k6ExitCode).toBe(105);
    expect(result.problems).toEqual([]);
    expect(rowOf(result, 'success')?.samples).toBeGreaterThan(2);
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'inconclusive' });
    expect(rowOf(result, 'success')?.reason).toContain('the run was interrupted');
  });

  it('does not call a promise kept when arrivals were dropped, but keeps a failure', async () => {
    let open = 0;
    const url = await startServer((_, response) => {
      open += 1;
      // The first hundreds hang long enough to keep all users busy.
      if (open <= 201) setTimeout(() => response.end('{}'), 1_300);
      else response.end('{}');
    });
    const objectives = { ...LENIENT, success: 0.996, latency: [{ name: 'p50', quantile: 0.5, limitMs: 1_400 }] };
    const result = await load({ url, catalogue: oneEndpoint({ timeoutMs: 5_000, objectives }) });
    expect(result.droppedIterations).toBeGreaterThan(10);
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'inconclusive' });
    expect(rowOf(result, 'success')?.reason).toContain('dropped for want of a free virtual user');
  });

  it('sends the secret of a service as header, and never writes it down', async () => {
    const seen = new Set<string | undefined>();
    const url = await startServer((request, response) => {
      seen.add(request.headers.authorization);
      healthy(request, response);
    });
    const dir = await mkdtemp(join(tmpdir(), 'firedrill-load-'));
    const auth = { kind: 'bearer' as const, token: { variable: 'SHOP_TOKEN' } };
    const catalogue = catalogueOf(httpService({ auth }));
    await load({ url, catalogue, dir, env: { SHOP_TOKEN: 's3cr3t-value' } });
    expect([...seen]).toEqual(['Bearer s3cr3t-value']);
    for (const name of await readdir(dir)) {
      expect(await readFile(join(dir, name), 'utf8'), name).not.toContain('s3cr3t-value');
    }
  });

  it('refuses to start without the secret that a service needs', async () => {
    const auth = { kind: 'bearer' as const, token: { variable: 'SHOP_TOKEN' } };
    const running = load({ url: CLOSED_PORT, catalogue: catalogueOf(httpService({ auth })) });
    await expect(running).rejects.toMatchObject({
      message: 'cannot authenticate at shop/web',
      reason: 'the environment variable SHOP_TOKEN is not set',
    });
  });

  it('refuses to start when k6 is missing', async () => {
    const running = load({ url: CLOSED_PORT, catalogue: oneEndpoint(), k6Path: '/no/such/k6' });
    await expect(running).rejects.toMatchObject({ name: 'HarnessError', reason: '/no/such/k6: no such file' });
  });

  it('is broken when what stands in for k6 exits with 0 and leaves no summary', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firedrill-load-'));
    const k6Path = join(dir, 'k6');
    await writeFile(k6Path, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const result = await load({ url: CLOSED_PORT, catalogue: oneEndpoint(), k6Path });
    expect(result.problems[0]).toMatchObject({ outcome: 'broken', reason: expect.stringContaining('left no summary') });
  });
});
