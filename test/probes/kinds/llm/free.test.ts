import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../../probes/state/store.ts';
import type { LlmRouteSpec } from '../../../../thresholds/model.ts';
import { context, options, runOnce, serveHttp, target } from '../../support.ts';
import { reachabilitySpec, routeSpec } from './support.ts';

const json =
  (body: object, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

async function probe(listener: RequestListener, spec: Parameters<typeof target>[0] & object) {
  await using server = await serveHttp(listener);
  const around = { ...context, state: createMemoryStore() };
  return await runOnce(around, target({ url: `http://127.0.0.1:${server.port}`, ...spec }), options());
}

describe('the free request', () => {
  it.each([
    [200, 'success', 'none'],
    [401, 'failure', 'auth'],
    [402, 'failure', 'billing'],
    [403, 'failure', 'auth'],
    [429, 'failure', 'rate-limited'],
    [400, 'unknown', 'misconfigured'],
    [404, 'failure', 'status'],
    [500, 'failure', 'provider-error'],
    [503, 'failure', 'overloaded'],
  ])('reads status %i as %s, %s', async (status, outcome, reason) => {
    const result = await probe(json({}, status), { spec: reachabilitySpec() });
    expect(result).toMatchObject({ outcome, reason, facts: { status } });
  });
});

describe('the way through an application with a forced failure', () => {
  const rows: [string, RequestListener, Partial<LlmRouteSpec>, object][] = [
    [
      'succeeds when the expected provider answered',
      json({ provider: 'deepseek', answer: 'x' }),
      {},
      { outcome: 'success', facts: { llm: { answeredBy: 'deepseek' } } },
    ],
    [
      'reads a header as well, and a model for its provider',
      json({}, 200, { 'x-model': 'deepseek-chat' }),
      { answeredBy: { header: 'X-Model' } },
      { outcome: 'success' },
    ],
    [
      'fails when the first provider answered all the same',
      json({ provider: 'gemini' }),
      {},
      {
        outcome: 'failure',
        reason: 'provider',
        detail: 'answered by gemini, expected deepseek',
        facts: { llm: { answeredBy: 'gemini' } },
      },
    ],
    [
      'fails when some other one did',
      json({ provider: 'acme' }),
      {},
      { outcome: 'failure', reason: 'provider', facts: { llm: { answeredBy: 'other' } } },
    ],
    [
      'fails when the answer names none',
      json({ answer: 'x' }),
      {},
      { outcome: 'failure', reason: 'provider', detail: 'the answer names no provider, expected deepseek' },
    ],
    ['fails when nobody answered', json({ error: 'none' }, 502), {}, { outcome: 'failure', reason: 'status' }],
  ];
  it.each(rows)('%s', async (_, listener, spec, expected) => {
    expect(await probe(listener, { spec: routeSpec(spec) })).toMatchObject(expected);
  });

  it('keeps the estimate in the budget: the answer does not say what it used', async () => {
    const result = await probe(json({ provider: 'deepseek' }), { spec: routeSpec() });
    expect(result.facts.llm?.budget).toMatchObject({ usedTokens: 40, limitTokens: 10_000 });
  });
});
