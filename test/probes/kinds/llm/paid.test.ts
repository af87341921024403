import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../probes/clock.ts';
import type { ProbeContext } from '../../../../probes/context.ts';
import { openLedger } from '../../../../probes/kinds/llm/budget.ts';
import { kindOf } from '../../../../probes/kinds.ts';
import { createFileStore } from '../../../../probes/state/file-store.ts';
import { createMemoryStore } from '../../../../probes/state/store.ts';
import type { LlmBudget } from '../../../../thresholds/model.ts';
import { context, options, serveHttp, target } from '../../support.ts';
import { DONE, delta, generate, generationSpec, reachabilitySpec, STOP, streaming, usage } from './support.ts';

const budget = (change: Partial<LlmBudget> = {}): LlmBudget => ({
  tokensPerDay: 100,
  usdPerDay: null,
  estimate: { tokens: 40, usd: 0.4 },
  ...change,
});
const fresh = (): ProbeContext => ({ ...context, state: createMemoryStore() });
const replying = (tokens: number) => streaming([delta({ content: 'ok' }), STOP, usage(tokens), DONE]);

describe('the budget of paid looks', () => {
  it('stops them before it would be exceeded, without a request, and says so as unknown', async () => {
    let requests = 0;
    await using server = await serveHttp((request, response) => {
      requests += 1;
      // With its prompt of 9 tokens, 50 each time.
      replying(41)(request, response);
    });
    const url = `http://127.0.0.1:${server.port}`;
    const around = fresh();
    const probe = kindOf({ kind: 'llm' }).create(around, target({ url, spec: generationSpec({ budget: budget() }) }));
    expect(await probe.run(options())).toMatchObject({
      outcome: 'success',
      facts: { llm: { budget: { usedTokens: 50 } } },
    });
    expect(await probe.run(options())).toMatchObject({
      outcome: 'success',
      facts: { llm: { budget: { usedTokens: 100, exhausted: true } } },
    });
    expect(await probe.run(options())).toMatchObject({
      outcome: 'unknown',
      reason: 'budget-spent',
      detail: '100 of 100 tokens used today (UTC): one more look would exceed it',
      facts: { llm: { budget: { usedTokens: 100, limitTokens: 100, exhausted: true } } },
    });
    expect(requests).toBe(2);
  });

  it('is told by the free probe of the service, whose result stands', async () => {
    await using server = await serveHttp((_, response) => void response.end('{}'));
    const url = `http://127.0.0.1:${server.port}`;
    const around = fresh();
    around.state.set('llm-budget shop/cart', { day: new Date().toISOString().slice(0, 10), tokens: 90, usd: 0.5 });
    const spec = reachabilitySpec({ budget: budget() });
    const result = await kindOf(spec).create(around, target({ url, spec })).run(options());
    expect(result).toMatchObject({
      outcome: 'success',
      facts: { llm: { budget: { usedTokens: 90, limitTokens: 100, usedUsd: 0.5, exhausted: true } } },
    });
  });

  it('keeps the estimate of a completion that came to no end, and nothing of one that was refused', async () => {
    const truncated = await generate(streaming([delta({ content: 'o' })]));
    expect(truncated.facts.llm?.budget?.usedTokens).toBe(40);
    const refused = await generate((_, response) => void response.writeHead(503).end());
    expect(refused.facts.llm?.budget?.usedTokens).toBe(0);
  });

  it('is kept over a restart, booked before the call', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firedrill-budget-'));
    const path = join(folder, 'state.json');
    const open = () => createFileStore({ path, clock: systemClock(), onProblem: (message) => expect.fail(message) });
    const clock = { now: () => Date.UTC(2026, 10, 20, 23) };
    const reservation = await openLedger('a/b', budget(), null, { clock, state: open() }).reserve();
    expect(reservation).not.toBeNull();
    // As after a crash: nothing was settled.
    const again = openLedger('a/b', budget(), null, { clock, state: open() });
    expect(again.facts()).toMatchObject({ usedTokens: 40, exhausted: false });
    await rm(folder, { recursive: true });
  });

  it('counts money by the prices, and begins anew with the day', async () => {
    let now = Date.UTC(2026, 10, 20, 23, 59);
    const around = { clock: { now: () => now }, state: createMemoryStore() };
    const money = budget({ tokensPerDay: 1_000, usdPerDay: 1, estimate: { tokens: 40, usd: 0.4 } });
    const ledger = openLedger('a/b', money, { input: 1_000, output: 20_000 }, around);
    (await ledger.reserve())?.settle({ input: 100, output: 25, reasoning: 0 });
    expect(ledger.facts()).toEqual({
      usedTokens: 125,
      limitTokens: 1_000,
      usedUsd: 0.6,
      limitUsd: 1,
      exhausted: false,
    });
    const late = await ledger.reserve();
    expect(ledger.facts()).toMatchObject({ usedUsd: 1, exhausted: true });
    expect(await ledger.reserve()).toBeNull();
    now += 120_000;
    late?.settle({ input: 1, output: 1, reasoning: 0 });
    expect(ledger.facts()).toMatchObject({ usedTokens: 0, usedUsd: 0, exhausted: false });
  });

  it('is never overshot by more than the estimate of one look, however many look at once', async () => {
    const around = { clock: systemClock(), state: createMemoryStore() };
    const ledgers = Array.from({ length: 20 }, () => openLedger('a/b', budget(), null, around));
    const granted = await Promise.all(ledgers.map((ledger) => ledger.reserve()));
    expect(granted.filter((each) => each !== null)).toHaveLength(2);
  });
});

describe('a target that asks to wait', () => {
  it('is left alone for that long, and stays failed', async () => {
    let requests = 0;
    await using server = await serveHttp((_, response) => {
      requests += 1;
      response.writeHead(429, { 'retry-after': '1' }).end();
    });
    const url = `http://127.0.0.1:${server.port}`;
    const spec = generationSpec({ intervalMs: 60_000 });
    const probe = kindOf(spec).create(fresh(), target({ url, spec }));
    expect(await probe.run(options())).toMatchObject({
      outcome: 'failure',
      reason: 'rate-limited',
      detail: 'status 429',
    });
    expect(await probe.run(options())).toMatchObject({
      outcome: 'failure',
      reason: 'rate-limited',
      detail: 'the target asked to wait another 1 s: it was not asked again',
    });
    expect(requests).toBe(1);
    await expect.poll(async () => (await probe.run(options())).detail, { timeout: 3_000 }).toBe('status 429');
    expect(requests).toBe(2);
  });
});
