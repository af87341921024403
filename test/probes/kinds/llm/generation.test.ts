import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { LlmGenerationSpec } from '../../../../thresholds/model.ts';
import { closedPort, context, options, runOnce, target, unexplainedSeconds } from '../../support.ts';
import { DONE, delta, generate, generationSpec, ROLE, STOP, streaming, usage } from './support.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };
};
const ok = [ROLE, delta({ content: 'o' }), delta({ content: 'k' }), STOP, usage(2), DONE];

describe('a completion', () => {
  it('succeeds on the expected reply, with phases that add up', async () => {
    const result = await generate(
      streaming([ROLE, 40, delta({ content: 'o' }), 30, delta({ content: 'k' }), 20, STOP, usage(2), DONE]),
    );
    expect(result).toMatchObject({ outcome: 'success', reason: 'none', detail: '' });
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.facts.llm).toMatchObject({
      chunks: 2,
      keepAlives: 0,
      finishReason: 'stop',
      model: 'deepseek-chat',
      usage: { input: 9, output: 2, reasoning: 0 },
      gaps: { count: 1 },
      budget: { usedTokens: 11, limitTokens: 10_000, exhausted: false },
    });
  });

  it('takes no role, keep-alive or usage for a token, and times the first real one', async () => {
    const { facts } = await generate(
      streaming([ROLE, ': keep-alive\n\n', 60, ': keep-alive\n\n', 60, delta({ content: 'ok' }), STOP, usage(1), DONE]),
    );
    expect(facts.llm?.keepAlives).toBe(2);
    expect(facts.llm?.firstTokenSeconds).toBeGreaterThan(0.11);
    expect(facts.llm?.firstReasoningSeconds).toBeUndefined();
    expect(facts.llm?.interTokenSeconds).toBeUndefined();
  });

  it('tells reasoning from the reply', async () => {
    const stream = [
      ROLE,
      20,
      delta({ reasoning_content: 'easy' }),
      50,
      delta({ content: 'ok' }),
      STOP,
      usage(4, 3),
      DONE,
    ];
    const { facts } = await generate(streaming(stream));
    const { firstReasoningSeconds = 0, firstTokenSeconds = 0, interTokenSeconds = 0 } = facts.llm ?? {};
    expect(firstReasoningSeconds).toBeGreaterThan(0.015);
    expect(firstTokenSeconds - firstReasoningSeconds).toBeGreaterThan(0.005);
    expect(interTokenSeconds).toBeCloseTo((firstTokenSeconds - firstReasoningSeconds) / 3, 6);
  });

  it('counts tokens as the provider does, not chunks', async () => {
    const stream = [delta({ content: 'ok, ' }), 60, delta({ content: 'that was many tokens' }), STOP, usage(7), DONE];
    const { facts } = await generate(streaming(stream));
    const { gaps, interTokenSeconds = 0, decodeTokensPerSecond = 0 } = facts.llm ?? {};
    expect(gaps).toMatchObject({ count: 1, within: expect.arrayContaining([0, 1]) });
    expect(interTokenSeconds).toBeCloseTo((gaps?.maxSeconds ?? 0) / 6, 6);
    expect(decodeTokensPerSecond).toBeCloseTo(1 / interTokenSeconds, 3);
  });

  it('has no inter-token latency without the count of tokens, and keeps the estimate in the budget', async () => {
    const { outcome, facts } = await generate(
      streaming([delta({ content: 'o' }), 20, delta({ content: 'k' }), STOP, DONE]),
    );
    expect(outcome).toBe('success');
    expect(facts.llm?.interTokenSeconds).toBeUndefined();
    expect(facts.llm?.gaps?.count).toBe(1);
    expect(facts.llm?.budget?.usedTokens).toBe(40);
  });

  const euro = Buffer.from(delta({ content: 'ok 5 €' }));
  const within = euro.indexOf(0xe2) + 1;
  it.each<[string, Parameters<typeof streaming>[0]]>([
    ['cut within a character', [euro.subarray(0, within), 10, euro.subarray(within), STOP, DONE]],
    [
      'cut within a line',
      [
        'da',
        10,
        'ta: {"model":"deepseek-chat","choices":[{"delta":{"content"',
        10,
        ':"ok 5 €"}}]}\n',
        10,
        '\n',
        STOP,
        DONE,
      ],
    ],
    [
      'with carriage returns',
      [
        delta({ content: 'ok 5 €' }).replaceAll('\n', '\r\n'),
        STOP.replaceAll('\n', '\r\n'),
        DONE.replaceAll('\n', '\r\n'),
      ],
    ],
    ['all in one piece', [[ROLE, euro.toString(), STOP, usage(3), DONE].join('')]],
    [
      'with fields of their own and no space',
      [`event: x\nid: 1\n${delta({ content: 'ok 5 €' }).replace('data: ', 'data:')}`, STOP, DONE],
    ],
  ])('reads a stream %s', async (_, pieces) => {
    expect(await generate(streaming(pieces), { expectText: '^ok 5 €$' })).toMatchObject({ outcome: 'success' });
  });

  it('reads a line of a megabyte', async () => {
    const huge = delta({ content: 'ok' }, null, { padding: 'x'.repeat(1_000_000) });
    expect(await generate(streaming([huge, STOP, DONE]))).toMatchObject({ outcome: 'success' });
  });

  type Row = [string, RequestListener, Partial<LlmGenerationSpec>, object];
  const failures: Row[] = [
    [
      'keep-alives alone',
      streaming([ROLE, ...Array.from({ length: 40 }, () => [': keep-alive\n\n', 20]).flat(), 'never']),
      { firstTokenWithinMs: 150 },
      { reason: 'first-token-timeout' },
    ],
    [
      'no answer at all in time',
      () => {},
      { firstTokenWithinMs: 100 },
      { reason: 'first-token-timeout', detail: 'no token within 100 ms' },
    ],
    [
      'a slow first token',
      streaming([ROLE, 400, ...ok]),
      { firstTokenWithinMs: 100 },
      { reason: 'first-token-timeout', detail: 'no token within 100 ms' },
    ],
    [
      'a stall after some tokens',
      streaming([ROLE, delta({ content: 'o' }), 20, delta({ content: 'k' }), 'never']),
      { gapWithinMs: 120 },
      { reason: 'stalled-stream', detail: 'no token for 120 ms after 2 chunks of text' },
    ],
    [
      'a stall under keep-alives',
      streaming([delta({ content: 'o' }), ...Array.from({ length: 40 }, () => [': keep-alive\n\n', 20]).flat()]),
      { gapWithinMs: 150 },
      { reason: 'stalled-stream' },
    ],
    [
      'a trickle that never ends',
      streaming(Array.from({ length: 60 }, () => [delta({ content: 'ok ' }), 20]).flat()),
      { timeoutMs: 200 },
      { reason: 'timeout', detail: 'no end within 200 ms, at reading the stream' },
    ],
    [
      'a stream without its terminator',
      streaming([ROLE, delta({ content: 'ok' }), STOP, usage(1)]),
      {},
      { reason: 'truncated-stream', detail: 'ended without [DONE] after 1 chunk of text' },
    ],
    [
      'a terminator without a finish reason',
      streaming([delta({ content: 'ok' }), DONE]),
      {},
      { reason: 'truncated-stream', detail: 'ended without a finish reason after 1 chunk of text' },
    ],
    ['a cut connection', streaming([delta({ content: 'ok' }), 20, 'cut']), {}, { reason: 'truncated-stream' }],
    [
      'an error as an event',
      streaming([ROLE, `data: ${JSON.stringify({ error: { message: 'boom', type: 'server_error' } })}\n\n`, DONE]),
      {},
      { reason: 'stream-error', detail: 'an error in the answer: server_error: boom' },
    ],
    [
      'an overload as an event',
      streaming([
        ROLE,
        `event: error\ndata: ${JSON.stringify({ error: { message: 'busy', type: 'overloaded_error' } })}\n\n`,
      ]),
      {},
      { reason: 'overloaded' },
    ],
    ['an event that is not JSON', streaming(['data: <html>\n\n', DONE]), {}, { reason: 'stream-error' }],
    [
      'another content type',
      answer(200, '<html>', { 'content-type': 'text/html' }),
      {},
      { reason: 'content-type', detail: 'the answer is text/html, not text/event-stream' },
    ],
    [
      'an error of status 200',
      answer(200, { error: { code: 429, message: 'slow down' } }),
      {},
      { reason: 'rate-limited' },
    ],
    [
      'reasoning alone',
      streaming([
        delta({ reasoning_content: 'hm' }),
        delta({ reasoning_content: 'hm' }, 'length'),
        usage(32, 32),
        DONE,
      ]),
      {},
      { reason: 'empty-reply' },
    ],
    [
      'an empty reply',
      streaming([ROLE, STOP, usage(0), DONE]),
      {},
      { reason: 'empty-reply', detail: 'the reply is empty' },
    ],
    [
      'a reply that was filtered',
      streaming([delta({ content: 'o' }), delta({}, 'content_filter'), DONE]),
      {},
      { reason: 'finish-reason', detail: 'the reply ended with content_filter' },
    ],
    [
      'another reply',
      streaming(ok),
      { expectText: '^yes$' },
      { reason: 'text', detail: 'the reply "ok" does not match /^yes$/' },
    ],
    [
      'another model',
      streaming(ok),
      { expectModel: '^deepseek-reasoner' },
      { reason: 'model', detail: 'answered by model deepseek-chat, expected /^deepseek-reasoner/' },
    ],
    [
      '401',
      answer(401, { error: { message: 'Authentication Fails' } }),
      {},
      { reason: 'auth', detail: 'status 401: Authentication Fails' },
    ],
    ['403', answer(403, ''), {}, { reason: 'auth', detail: 'status 403' }],
    ['402', answer(402, { error: { message: 'Insufficient Balance' } }), {}, { reason: 'billing' }],
    ['429', answer(429, { error: { message: 'slow down' } }), {}, { reason: 'rate-limited' }],
    [
      '429 for an empty account',
      answer(429, { error: { code: 'insufficient_quota', message: 'x' } }),
      {},
      { reason: 'billing' },
    ],
    ['500', answer(500, 'oops'), {}, { reason: 'provider-error', detail: 'status 500: oops' }],
    ['503', answer(503, { error: { message: 'The model is overloaded.' } }), {}, { reason: 'overloaded' }],
    ['404', answer(404, { error: { message: 'no such model', code: 'model_not_found' } }), {}, { reason: 'status' }],
    [
      'something that is not HTTP',
      (request) => void request.socket.end('nonsense\r\n\r\n'),
      {},
      { reason: 'protocol' },
    ],
  ];
  it.each(failures)('fails on %s', async (_, listener, spec, expected) => {
    const result = await generate(listener, spec);
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.durationSeconds).toBeLessThan(1.5);
  });

  it.each([
    [400, { error: { message: 'max_tokens is too small' } }],
    [422, ''],
  ])('blames itself for %i', async (status, body) => {
    expect(await generate(answer(status, body))).toMatchObject({ outcome: 'unknown', reason: 'misconfigured' });
  });

  it('fails on a port where nothing listens, and spends nothing', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const result = await runOnce(
      context,
      target({ id: 'shop/closed', service: 'closed', url, spec: generationSpec() }),
      options(),
    );
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'refused',
      facts: { llm: { budget: { usedTokens: 0 } } },
    });
  });

  it('sends what the API asks for, and never shows the key', async () => {
    const seen: unknown[] = [];
    const result = await generate(
      (request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', () => {
          seen.push(request.method, request.url, request.headers.authorization, JSON.parse(body));
          response
            .writeHead(401)
            .end(JSON.stringify({ error: { message: `wrong key ${request.headers.authorization}` } }));
        });
      },
      { parameters: { thinking: { type: 'disabled' } } },
      { auth: { kind: 'bearer', token: { variable: 'TOKEN' } } },
    );
    expect(seen).toEqual([
      'POST',
      '/v1/chat/completions',
      'Bearer s3cret',
      {
        model: 'deepseek-chat',
        messages: [{ role: 'user', content: 'Reply with exactly: ok' }],
        max_tokens: 32,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
        thinking: { type: 'disabled' },
      },
    ]);
    expect(result.detail).toBe('status 401: wrong key ***');
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });
});

describe('a Gemini completion', () => {
  const spec: Partial<LlmGenerationSpec> = {
    api: 'gemini',
    model: 'gemini-2.5-flash',
    basePath: '/v1beta',
    expectModel: '^gemini',
  };
  const part = (parts: object[], finish?: string, counts: object = {}) =>
    `data: ${JSON.stringify({
      candidates: [{ content: { parts, role: 'model' }, ...(finish === undefined ? {} : { finishReason: finish }) }],
      usageMetadata: { promptTokenCount: 7, ...counts },
      modelVersion: 'gemini-2.5-flash',
    })}\r\n\r\n`;

  it('succeeds at its finish reason, thoughts counted but not timed as tokens', async () => {
    const result = await generate(
      streaming([
        part([{ thoughtSignature: 'abc' }]),
        40,
        part([{ text: 'o' }]),
        30,
        part([{ text: 'k' }], 'STOP', { candidatesTokenCount: 2, thoughtsTokenCount: 20, totalTokenCount: 29 }),
      ]),
      spec,
    );
    expect(result).toMatchObject({ outcome: 'success' });
    const { llm } = result.facts;
    expect(llm).toMatchObject({ usage: { input: 7, output: 22, reasoning: 20 }, finishReason: 'STOP', chunks: 2 });
    expect(llm?.firstTokenSeconds).toBeGreaterThan(0.035);
    expect(llm?.interTokenSeconds).toBeCloseTo(llm?.gaps?.maxSeconds ?? 0, 6);
    expect(llm?.budget?.usedTokens).toBe(29);
  });

  it('tells thoughts that are shown from the reply', async () => {
    const { facts } = await generate(
      streaming([part([{ text: 'hm', thought: true }]), 40, part([{ text: 'ok' }], 'STOP')]),
      spec,
    );
    const { firstReasoningSeconds = 0, firstTokenSeconds = 0 } = facts.llm ?? {};
    expect(firstTokenSeconds - firstReasoningSeconds).toBeGreaterThan(0.005);
  });

  it.each<[string, RequestListener, object]>([
    ['no finish reason', streaming([part([{ text: 'ok' }])]), { reason: 'truncated-stream' }],
    [
      'a safety stop',
      streaming([part([], 'SAFETY')]),
      { reason: 'finish-reason', detail: 'the reply ended with SAFETY' },
    ],
    [
      'a blocked prompt',
      streaming([`data: ${JSON.stringify({ promptFeedback: { blockReason: 'OTHER' } })}\n\n`]),
      { reason: 'finish-reason' },
    ],
    [
      'a wrong key, which it calls 400',
      answer(400, {
        error: {
          code: 400,
          status: 'INVALID_ARGUMENT',
          message: 'API key not valid.',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      }),
      { reason: 'auth' },
    ],
    [
      'an exhausted quota',
      answer(429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'q' } }),
      { reason: 'rate-limited' },
    ],
    [
      'an overload within the stream',
      streaming([`data: ${JSON.stringify({ error: { code: 503, status: 'UNAVAILABLE', message: 'b' } })}\n\n`]),
      { reason: 'overloaded' },
    ],
    ['one JSON array', answer(200, [{ candidates: [] }]), { reason: 'content-type' }],
  ])('fails on %s', async (_, listener, expected) => {
    expect(await generate(listener, spec)).toMatchObject({ outcome: 'failure', ...expected });
  });

  it('asks for events, with the key in its own header', async () => {
    const seen: unknown[] = [];
    await generate(
      (request, response) => {
        seen.push(request.url, request.headers['x-goog-api-key']);
        streaming([part([{ text: 'ok' }], 'STOP')])(request, response);
      },
      spec,
      { auth: { kind: 'header', name: 'X-Goog-Api-Key', value: { variable: 'TOKEN' } } },
    );
    expect(seen).toEqual(['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', 's3cret']);
  });
});
