import type { RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeContext } from '../../../../probes/context.ts';
import { createMemoryStore } from '../../../../probes/state/store.ts';
import type { ProbeTarget } from '../../../../probes/target.ts';
import type { LlmGenerationSpec, LlmReachabilitySpec, LlmRouteSpec } from '../../../../thresholds/model.ts';
import { context, httpSpec, options, runOnce, serveHttp, TIMING, target } from '../../support.ts';

const BUDGET = { tokensPerDay: 10_000, usdPerDay: null, estimate: { tokens: 40, usd: 0 } };

/** A paid probe of an OpenAI-compatible provider that `ok` satisfies. */
export function generationSpec(change: Partial<LlmGenerationSpec> = {}): LlmGenerationSpec {
  return {
    ...TIMING,
    timeoutMs: 3_000,
    kind: 'llm',
    tier: 'generation',
    provider: 'deepseek',
    budget: BUDGET,
    usdPerMillionTokens: null,
    api: 'openai',
    model: 'deepseek-chat',
    basePath: '/v1',
    prompt: 'Reply with exactly: ok',
    maxTokens: 32,
    parameters: {},
    expectText: '\\bok\\b',
    expectModel: '^deepseek-chat',
    firstTokenWithinMs: 1_000,
    gapWithinMs: 1_000,
    histograms: false,
    ...change,
  };
}

export function reachabilitySpec(change: Partial<LlmReachabilitySpec> = {}): LlmReachabilitySpec {
  return {
    ...TIMING,
    kind: 'llm',
    tier: 'reachability',
    provider: 'deepseek',
    model: 'deepseek-chat',
    request: httpSpec(),
    budget: null,
    ...change,
  };
}

export function routeSpec(change: Partial<LlmRouteSpec> = {}): LlmRouteSpec {
  return {
    ...TIMING,
    kind: 'llm',
    tier: 'route',
    provider: 'backend',
    budget: BUDGET,
    usdPerMillionTokens: null,
    request: httpSpec(),
    answeredBy: { json: '$.provider' },
    providers: { gemini: '^gemini', deepseek: '^deepseek' },
    expectProvider: 'deepseek',
    ...change,
  };
}

/** One event of a chat completion. */
export function delta(fields: object, finish: string | null = null, more: object = {}): string {
  const choices = [{ index: 0, delta: fields, finish_reason: finish }];
  return `data: ${JSON.stringify({ model: 'deepseek-chat', choices, ...more })}\n\n`;
}

export const ROLE = delta({ role: 'assistant', content: '' });
export const STOP = delta({}, 'stop');
export const usage = (output: number, reasoning = 0) =>
  `data: ${JSON.stringify({ model: 'deepseek-chat', choices: [], usage: { prompt_tokens: 9, completion_tokens: output, completion_tokens_details: { reasoning_tokens: reasoning } } })}\n\n`;
export const DONE = 'data: [DONE]\n\n';

/** Sends the pieces of a stream, a number being a pause in milliseconds; `never` leaves it open. */
export function streaming(pieces: readonly (string | Buffer | number | 'never' | 'cut')[]): RequestListener {
  return async (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    await tell(response, pieces);
  };
}

async function tell(response: ServerResponse, pieces: Parameters<typeof streaming>[0]): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (piece === 'never') return;
    if (piece === 'cut') return void response.socket?.resetAndDestroy();
    if (typeof piece === 'number') await delay(piece);
    else response.write(piece);
  }
  response.end();
}

/** Runs one completion, with a budget of its own, against a server that answers as the listener does. */
export async function generate(
  listener: RequestListener,
  spec: Partial<LlmGenerationSpec> = {},
  change: Partial<ProbeTarget> = {},
  around: ProbeContext = { ...context, state: createMemoryStore() },
) {
  await using server = await serveHttp(listener);
  const url = `http://127.0.0.1:${server.port}`;
  return await runOnce(around, target({ url, spec: generationSpec(spec), ...change }), options());
}
