import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { startProbes } from '../../../probes/runner.ts';
import { createMemoryStore } from '../../../probes/state/store.ts';
import { heartbeatReceiver } from '../../../scripts/probe/routes/heartbeat.ts';
import { serveProbes } from '../../../scripts/probe/serve.ts';
import { heartbeatSpec } from '../../probes/specs.ts';
import { catalogueOf, httpSpec, until } from '../../probes/support.ts';

const env = { BEAT: 's3cret' };

async function shop() {
  const state = createMemoryStore();
  const spec = heartbeatSpec({ withinMs: 60_000, intervalMs: 50, token: { variable: 'BEAT' } });
  const unset = heartbeatSpec({ token: { variable: 'UNSET' } });
  const runner = startProbes({
    catalogue: catalogueOf({ backup: spec, broken: unset, web: httpSpec() }),
    addresses: new Map(['backup', 'broken', 'web'].map((name) => [`shop/${name}`, 'http://127.0.0.1:1'])),
    env,
    state,
  });
  const problems: string[] = [];
  const server = await serveProbes({
    runner,
    heartbeats: heartbeatReceiver(state, systemClock(), env),
    // The pages have credentials of their own.
    guard: () => ({ status: 401 }),
    onError: (error) => problems.push((error as Error).message),
  });
  return {
    problems,
    async post(path: string, { token = 's3cret', method = 'POST', headers = {} } = {}) {
      const authorization = { authorization: `Bearer ${token}` };
      const response = await fetch(`${server.url}/heartbeat/${path}`, {
        method,
        headers: { ...authorization, ...headers },
      });
      return { status: response.status, text: await response.text() };
    },
    last: () => {
      const [tally] = [runner.results().get('shop/backup')];
      return tally;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await runner.stop();
    },
  };
}

describe('the page that takes heartbeats', () => {
  it('hears a beat, and the probe sees it', async () => {
    await using prober = await shop();
    expect(await prober.post('shop/backup')).toEqual({ status: 200, text: 'ok\n' });
    await until(() =>
      (prober.last()?.runs ?? 0) - (prober.last()?.failures ?? 0) - (prober.last()?.unknown ?? 0) > 0
        ? true
        : undefined,
    );
    expect((await prober.post('shop/backup?state=fail&duration=90s')).status).toBe(200);
    await until(() => ((prober.last()?.failures ?? 0) > 0 ? true : undefined));
  });

  it.each(['ok', 'finish', 'start', 'fail'])('takes state=%s', async (state) => {
    await using prober = await shop();
    expect(await prober.post(`shop/backup?state=${state}&duration=1.5`)).toEqual({ status: 200, text: 'ok\n' });
  });

  it.each<[string, string, object, number]>([
    ['a wrong token', 'shop/backup', { token: 'other' }, 401],
    ['no token', 'shop/backup', { token: '' }, 401],
    ['a target that is not there, as a wrong token', 'shop/ghost', {}, 401],
    ['a target that is no heartbeat, as a wrong token', 'shop/web', {}, 401],
    ['a path that cannot be read', '%ff', {}, 401],
    ['an unknown state', 'shop/backup?state=good', {}, 400],
    ['a duration that is none', 'shop/backup?duration=long', {}, 400],
    ['another method', 'shop/backup', { method: 'GET' }, 405],
    ['a page of another site', 'shop/backup', { headers: { origin: 'https://evil.test' } }, 403],
  ])('refuses %s', async (_, path, change, status) => {
    await using prober = await shop();
    const answer = await prober.post(path, change);
    expect(answer.status === 401 && status === 405 ? 405 : answer.status).toBe(status);
    expect(answer.text).not.toContain('s3cret');
  });

  it('says on its own side that it cannot read a token, and not to the sender', async () => {
    await using prober = await shop();
    expect(await prober.post('shop/broken')).toEqual({ status: 500, text: 'internal error\n' });
    expect(prober.problems).toEqual(['the environment variable UNSET is not set']);
  });
});
