import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../probes/connect.ts';
import { limitLookups, lookupsAtATime } from '../../probes/fair-lookup.ts';
import { systemContext } from '../../probes/system-context.ts';
import { context, httpSpec, options, runOnce, serveHttp, target, until } from './support.ts';

/** Names of one zone are answered when told to, all others at once. */
function names() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const lookup: Lookup = (hostname) => {
    asked.push(hostname);
    const address = { address: '127.0.0.1', family: 4 };
    if (!hostname.endsWith('.silent.test')) return Promise.resolve(address);
    return new Promise((resolve) => answers.push(() => resolve(address)));
  };
  return { asked, lookup, answer: () => answers.splice(0).forEach((each) => void each()) };
}

const spec = httpSpec({ timeoutMs: 150 });

describe('many names at a time', () => {
  it('a name that had no turn is unknown, and one whose server is silent a failure', async () => {
    await using web = await serveHttp((_, response) => void response.end());
    const { lookup, asked, answer } = names();
    const atATime = lookupsAtATime(process.env);
    const around = systemContext(context.clock, {}, lookup);
    const look = (name: string) => runOnce(around, target({ url: `http://${name}:${web.port}`, spec }), options());
    const silent = Array.from({ length: atATime }, (_, index) => look(`web-${index}.silent.test`));
    const other = look('cart.test');
    expect(await other).toMatchObject({
      outcome: 'unknown',
      reason: 'own-resources',
      detail: 'the name cart.test had no turn: this prober waits for too many others',
      phases: { resolve: 0 },
    });
    for (const run of silent) expect(await run).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    answer();
    // Nobody waits for it any more.
    await until(async () => ((await look('till.test')).outcome === 'success' ? true : undefined));
    expect(asked).not.toContain('cart.test');
  });

  it('are looked up in the order of their asking, and the wait is told', async () => {
    const { lookup, asked, answer } = names();
    const limited = limitLookups(lookup, 1);
    const told: string[] = [];
    const turn = { waits: () => void told.push('waits'), begins: () => told.push('begins') > 0 };
    const first = limited('a.silent.test', turn);
    const second = limited('b.test', turn);
    expect(told).toEqual(['begins', 'waits']);
    await until(() => (asked.length === 1 ? true : undefined));
    answer();
    await Promise.all([first, second]);
    expect(asked).toEqual(['a.silent.test', 'b.test']);
    expect(told).toEqual(['begins', 'waits', 'begins']);
  });

  it.each([
    [{}, 2],
    [{ UV_THREADPOOL_SIZE: '64' }, 32],
    [{ UV_THREADPOOL_SIZE: '1' }, 1],
    [{ UV_THREADPOOL_SIZE: 'many' }, 2],
  ])('with %o are %i', (env, expected) => {
    expect(lookupsAtATime(env)).toBe(expected);
  });
});
