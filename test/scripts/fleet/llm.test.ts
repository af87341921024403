import { afterEach, describe, expect, test } from 'vitest';
import type { Fleet } from '../../../scripts/fleet/fleet.ts';
import type { Fault } from '../../../thresholds/faults.ts';
import type { Service } from '../../../thresholds/model.ts';
import {
  completion,
  endpoint,
  expecting,
  httpService,
  level,
  llmService,
  metric,
  onRequests,
  simulating,
} from './fixtures/catalogue.ts';
import { fleetOf, outcomeOf, until } from './fixtures/client.ts';

let running: Fleet | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(...services: Service[]) {
  const started = await fleetOf(services);
  running = started.fleet;
  return { ...started, inject: (fault: Fault) => started.fleet.inject('shop', fault) };
}

const PROMPT = 'Say five words.';
const TEXT = 'Here are five good words';

const openAi = llmService('deepseek', 'openai', {
  model: 'deepseek-chat',
  metrics: [
    metric('completions_total', 'counter', onRequests(), { labels: { outcome: '$outcome', path: '$path' } }),
    metric('completion_seconds', 'histogram', onRequests({ observe: 'duration' }), { buckets: [0.05, 10] }),
  ],
});
const gemini = llmService('gemini', 'gemini', { model: 'flash' });

const chat = (rest: object = {}) => ({
  method: 'POST',
  body: { model: 'deepseek-chat', messages: [{ role: 'user', content: PROMPT }], ...rest },
});
const contents = (rest: object = {}) => ({
  method: 'POST',
  headers: { 'x-goog-api-key': 'key' },
  body: { contents: [{ role: 'user', parts: [{ text: PROMPT }] }], ...rest },
});

const events = (text: string) => text.split(/\r?\n\r?\n/).filter((event) => event.startsWith('data: '));
const payloads = (text: string) =>
  events(text)
    .map((event) => event.slice('data: '.length))
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data));

/** The stream of an answer with the time at which each piece came. */
async function stream(url: string, { body }: { body: unknown }, signal?: AbortSignal) {
  const startedAt = performance.now();
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const pieces: { text: string; ms: number }[] = [];
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body ?? []) {
      pieces.push({ text: decoder.decode(chunk), ms: performance.now() - startedAt });
    }
  } catch {
    // What came until then is what the caller looks at.
  }
  return {
    status: answer.status,
    text: pieces.map(({ text }) => text).join(''),
    pieces,
    ms: performance.now() - startedAt,
  };
}

describe("OpenAI's chat completions", () => {
  test('come whole, with usage and the reason of their end', async () => {
    const { get } = await start(openAi);
    const { status, text, ms } = await get('deepseek', '/v1/chat/completions', chat());
    const answer = JSON.parse(text);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'deepseek-chat' });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: TEXT } });
    expect(answer.usage).toEqual({ prompt_tokens: 4, completion_tokens: 5, total_tokens: 9 });
    expect(ms).toBeGreaterThan(50);
  });

  test('are cut off at the limit of tokens', async () => {
    const { get } = await start(openAi);
    const answer = JSON.parse((await get('deepseek', '/v1/chat/completions', chat({ max_tokens: 2 }))).text);
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Here are ' } });
  });

  test('stream token by token: role, content, reason, usage, [DONE]', async () => {
    const { url } = await start(openAi);
    const body = { stream: true, stream_options: { include_usage: true } };
    const { text, pieces, ms } = await stream(`${url('deepseek')}/v1/chat/completions`, chat(body));
    const chunks = payloads(text);
    expect(chunks[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(TEXT);
    expect(chunks.at(-2).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces[0]?.ms).toBeLessThan(ms * 0.6);
  });

  test('of a reasoning model reason first', async () => {
    const { url } = await start(llmService('deepseek', 'openai', { model: 'deepseek-reasoner' }));
    const request = chat({ model: 'deepseek-reasoner', stream: true });
    const { text } = await stream(`${url('deepseek')}/v1/chat/completions`, request);
    const kinds = payloads(text).map((chunk) => Object.keys(chunk.choices[0].delta).at(-1));
    expect(kinds.indexOf('reasoning_content')).toBeLessThan(kinds.lastIndexOf('content'));
    expect(kinds).toContain('reasoning_content');
  });

  test.each([
    ['a model that it does not have', chat({ model: 'gpt-9' }), 404, 'The model `gpt-9` does not exist'],
    ['no messages', chat({ messages: [] }), 400, "Missing required parameter: 'messages'."],
    ['a body that is no JSON', { method: 'POST', body: 'hello' }, 404, 'The model `undefined` does not exist'],
  ])('refuse %s in the words of the provider', async (_, request, status, message) => {
    const { get } = await start(openAi);
    const answer = await get('deepseek', '/v1/chat/completions', request);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error).toMatchObject({ message, type: 'invalid_request_error' });
  });

  test('have a list of models that costs nothing', async () => {
    const { get, fleet } = await start(openAi);
    expect(JSON.parse((await get('deepseek', '/v1/models')).text).data[0].id).toBe('deepseek-chat');
    expect((await fleet.stats()).services['shop/deepseek']).toMatchObject({
      other: 1,
      endpoints: { completion: { requests: 0 } },
    });
  });

  test('move the metrics of the provider', async () => {
    const { get, scrape } = await start(openAi);
    await get('deepseek', '/v1/chat/completions', chat());
    const seen = await scrape('deepseek');
    expect(seen.get('completions_total{outcome="success",path="/v1/chat/completions"}')).toBe(1);
    expect([seen.get('completion_seconds_bucket{le="0.05"}'), seen.get('completion_seconds_count')]).toEqual([0, 1]);
  });
});

describe("Gemini's generateContent", () => {
  const path = '/v1/models/flash:generateContent';
  const streamed = '/v1/models/flash:streamGenerateContent';

  test('comes whole, with usage and the reason of its end', async () => {
    const { get } = await start(gemini);
    const { status, text } = await get('gemini', path, contents());
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      candidates: [{ content: { role: 'model', parts: [{ text: TEXT }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 5, totalTokenCount: 9 },
      modelVersion: 'flash',
    });
  });

  test('streams as events that end with finishReason, without [DONE]', async () => {
    const { url } = await start(gemini);
    const { text, pieces, ms } = await stream(`${url('gemini')}${streamed}?alt=sse`, contents());
    const chunks = payloads(text);
    expect(chunks.map((chunk) => chunk.candidates[0].content.parts[0].text).join('')).toBe(TEXT);
    expect(chunks.map((chunk) => chunk.candidates[0].finishReason)).toEqual([...Array(4).fill(undefined), 'STOP']);
    expect(chunks.at(-1).usageMetadata.candidatesTokenCount).toBe(5);
    expect(text).not.toContain('[DONE]');
    expect(pieces[0]?.ms).toBeLessThan(ms * 0.6);
  });

  test('streams as one JSON array without alt=sse', async () => {
    const { url } = await start(gemini);
    const { text } = await stream(`${url('gemini')}${streamed}`, contents());
    expect(JSON.parse(text)).toHaveLength(5);
  });

  test('is cut off at the limit of tokens', async () => {
    const { get } = await start(gemini);
    const answer = JSON.parse((await get('gemini', path, contents({ generationConfig: { maxOutputTokens: 2 } }))).text);
    expect(answer.candidates[0].finishReason).toBe('MAX_TOKENS');
  });

  test.each([
    ['a model that it does not have', '/v1/models/nope:generateContent', contents(), 404, 'NOT_FOUND'],
    ['no contents', path, contents({ contents: [] }), 400, 'INVALID_ARGUMENT'],
  ])('refuses %s in the words of the provider', async (_, where, request, status, name) => {
    const { get } = await start(gemini);
    const answer = await get('gemini', where, request);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error).toMatchObject({ code: status, status: name });
  });

  test('has a list of models', async () => {
    const { get } = await start(gemini);
    expect(JSON.parse((await get('gemini', '/v1/models')).text).models[0].name).toBe('models/flash');
  });
});

describe('a fault of a provider is seen from outside while it is on, and gone once it is cleared:', () => {
  const url = '/v1/chat/completions';
  const asStream = chat({ stream: true });

  test('provider-errors answers 503 at once, counted as an error', async () => {
    const slow = completion({ sim: simulating({ latencyMs: { median: 600, p95: 600 }, body: TEXT }) });
    const { inject, fleet, get, scrape } = await start({ ...openAi, endpoints: [slow] });
    await inject({ service: 'deepseek', kind: 'provider-errors' });
    const { status, text, ms } = await get('deepseek', url, chat());
    expect([status, JSON.parse(text).error.type]).toEqual([503, 'server_error']);
    expect(ms).toBeLessThan(500);
    expect((await scrape('deepseek')).get('completions_total{outcome="error",path="/v1/chat/completions"}')).toBe(1);
    await fleet.clear('shop');
    expect((await get('deepseek', url, chat())).status).toBe(200);
  });

  test('slow-first-token delays the first token alone, with signs of life meanwhile', async () => {
    const { inject, fleet, url: base } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'slow-first-token', delayMs: 1_200 });
    const slow = await stream(`${base('deepseek')}${url}`, asStream);
    const first = slow.pieces.find(({ text }) => text.includes('data: '));
    expect(first?.ms).toBeGreaterThan(1_200);
    expect(slow.ms - (first?.ms ?? 0)).toBeLessThan(1_000);
    expect(slow.text.startsWith(': keep-alive')).toBe(true);
    expect(slow.text).toContain('[DONE]');
    await fleet.clear('shop');
    expect((await stream(`${base('deepseek')}${url}`, asStream)).ms).toBeLessThan(1_100);
  });

  test('stalled-stream stops half-way on an open connection', async () => {
    const { inject, fleet, url: base } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'stalled-stream' });
    const stalled = await stream(`${base('deepseek')}${url}`, asStream, AbortSignal.timeout(600));
    expect(stalled.ms).toBeGreaterThan(500);
    expect(payloads(stalled.text).length).toBeGreaterThan(1);
    expect(stalled.text).not.toMatch(/DONE|finish_reason":"|words/);
    await fleet.clear('shop');
    expect((await stream(`${base('deepseek')}${url}`, asStream)).text).toContain('[DONE]');
  });

  test('an answer under way when stalled-stream ends is not held for ever', async () => {
    const { inject, fleet, url: base } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'slow-first-token', delayMs: 500 });
    await inject({ service: 'deepseek', kind: 'stalled-stream' });
    const giveUp = AbortSignal.timeout(4_000);
    const answer = await fetch(`${base('deepseek')}${url}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asStream.body),
      signal: giveUp,
    });
    await fleet.clear('shop', 'deepseek', 'stalled-stream');
    await answer.text().catch(() => {});
    expect(giveUp.aborted).toBe(false);
  });

  test('truncated-stream ends half-way with status 200 and whole events', async () => {
    const { inject, fleet, url: base } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'truncated-stream' });
    const { status, text, ms } = await stream(`${base('deepseek')}${url}`, asStream);
    expect(status).toBe(200);
    expect(ms).toBeLessThan(1_000);
    expect(payloads(text).length).toBeGreaterThan(1);
    expect(text).not.toMatch(/DONE|finish_reason":"|words/);
    await fleet.clear('shop');
    expect((await stream(`${base('deepseek')}${url}`, asStream)).text).toContain('[DONE]');
  });

  test.each(['stalled-stream', 'truncated-stream'] as const)("%s never shows Gemini's finishReason", async (kind) => {
    const { inject, url: base } = await start(gemini);
    await inject({ service: 'gemini', kind });
    const where = `${base('gemini')}/v1/models/flash:streamGenerateContent?alt=sse`;
    const { text } = await stream(where, contents(), AbortSignal.timeout(600));
    expect(payloads(text).length).toBeGreaterThan(0);
    expect(text).not.toMatch(/finishReason|words/);
  });

  test('truncated-stream breaks an answer that comes whole', async () => {
    const { inject, get } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'truncated-stream' });
    expect(await outcomeOf(get('deepseek', url, chat()))).not.toMatch(/answered/);
  });

  test('wrong-body is no completion', async () => {
    const { inject, get } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'wrong-body' });
    expect((await get('deepseek', url, chat())).text).toBe('{"unexpected":true}');
  });

  test('a broken answer is no request that was handled', async () => {
    const { inject, fleet, url: base } = await start(openAi);
    await inject({ service: 'deepseek', kind: 'truncated-stream' });
    await stream(`${base('deepseek')}${url}`, asStream);
    expect((await fleet.stats()).services['shop/deepseek']?.endpoints.completion?.requests).toBe(0);
  });
});

describe('a service that calls providers', () => {
  const llmMetrics = [
    metric('llm_requests_total', 'counter', onRequests(), { labels: { provider: '$provider', status: '$outcome' } }),
    metric('llm_seconds', 'histogram', onRequests({ observe: 'duration' }), { labels: { provider: '$provider' } }),
    metric('requests_total', 'counter', onRequests(), { labels: { status: '$status' } }),
    metric('in_flight', 'gauge', level('inFlight')),
  ];
  const quick = [completion({ sim: simulating({ latencyMs: { median: 20, p95: 20 }, body: TEXT }), timeoutMs: 300 })];
  const first = llmService('gemini', 'gemini', { endpoints: quick });
  const second = llmService('deepseek', 'openai', { endpoints: quick });
  const backend = (skipFirst = false) =>
    httpService('backend', {
      metrics: llmMetrics,
      endpoints: [
        endpoint('POST', '/recommend', {
          expect: expecting({ json: { '$.provider': { matches: 'gemini|deepseek' }, '$.items': { minItems: 1 } } }),
          sim: simulating({ calls: ['gemini', 'deepseek'], skipFirst, body: { provider: 'gemini', items: [1] } }),
        }),
      ],
    });
  const ask = { method: 'POST', body: {} };
  const counts = (seen: Map<string, number>) =>
    ['gemini', 'deepseek'].map((provider) =>
      ['success', 'error'].map((status) => seen.get(`llm_requests_total{provider="${provider}",status="${status}"}`)),
    );

  test('asks the first one, over HTTP, and names it in its answer', async () => {
    const { get, scrape, fleet } = await start(backend(), first, second);
    expect(JSON.parse((await get('backend', '/recommend', ask)).text)).toEqual({ provider: 'gemini', items: [1] });
    const seen = await scrape('backend');
    expect(counts(seen)).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(seen.get('llm_seconds_sum{provider="gemini"}')).toBeGreaterThan(0.01);
    expect((await fleet.stats()).services['shop/gemini']?.endpoints.completion?.requests).toBe(1);
  });

  test('falls back on an error of the first, and counts both calls', async () => {
    const { get, scrape, inject } = await start(backend(), first, second);
    await inject({ service: 'gemini', kind: 'provider-errors' });
    const { status, text } = await get('backend', '/recommend', ask);
    expect([status, JSON.parse(text).provider]).toEqual([200, 'deepseek']);
    const seen = await scrape('backend');
    expect(counts(seen)).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(seen.get('requests_total{status="200"}')).toBe(1);
  });

  test.each(['stalled-stream', 'hanging', 'down', 'truncated-stream', 'wrong-body'] as const)(
    'falls back when the first is %s',
    async (kind) => {
      const { get, inject } = await start(backend(), first, second);
      await inject({ service: 'gemini', kind });
      expect(JSON.parse((await get('backend', '/recommend', ask)).text).provider).toBe('deepseek');
    },
  );

  test('answers 502 when all of them fail', async () => {
    const { get, scrape, inject } = await start(backend(), first, second);
    await inject({ service: 'gemini', kind: 'provider-errors' });
    await inject({ service: 'deepseek', kind: 'down' });
    expect((await get('backend', '/recommend', ask)).status).toBe(502);
    expect(counts(await scrape('backend'))).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test('leaves the first out where the catalogue says so, without counting an error', async () => {
    const { get, scrape } = await start(backend(true), first, second);
    expect(JSON.parse((await get('backend', '/recommend', ask)).text).provider).toBe('deepseek');
    expect(counts(await scrape('backend'))).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  test('is refused when it would call a real provider', async () => {
    const real = { ...first, address: { kind: 'url' as const, url: 'https://generativelanguage.googleapis.com' } };
    const failure = await start(backend(), real, second).catch((error) => error);
    expect(failure.message).toBe('shop/backend: POST /recommend calls gemini, which the fleet does not have');
    expect(failure.reason).toBe('shop/gemini has a real address');
  });

  test('has a request in flight while a provider thinks', async () => {
    const { get, inject, scrape } = await start(backend(), first, second);
    await inject({ service: 'gemini', kind: 'slow', delayMs: 250 });
    const pending = get('backend', '/recommend', ask);
    await until(
      () => scrape('backend'),
      (seen) => seen.get('in_flight') === 1,
    );
    expect((await pending).ms).toBeGreaterThan(250);
    expect((await scrape('backend')).get('in_flight')).toBe(0);
  });
});
