import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CompletionEndpoint, LlmService } from '../../../thresholds/model.ts';
import { answer, type ReadyAnswer } from '../http/answer.ts';
import type { RequestHandler } from '../http/http-service.ts';
import { isGone, isTooLarge, readBody, send } from '../http/respond.ts';
import { labelArguments } from '../metrics/arguments.ts';
import type { EndpointRuntime, Fate, ServiceState } from '../service-state.ts';
import { Completions, complete } from './completion.ts';
import type { Dialect, Question } from './dialect.ts';
import { gemini } from './gemini.ts';
import { openAi } from './openai.ts';
import { type Pace, sendStream, sendWhole } from './telling.ts';

/** Of the time of a whole answer, the share until the first token: thinking takes longer than one token, less than all. */
const FIRST_TOKEN_SHARE = 0.3;

/** A language model provider in its own API, streaming or not. */
export function llmService(state: ServiceState<LlmService>): RequestHandler {
  const { llm } = state.service;
  const dialect = llm.api === 'openai' ? openAi(llm) : gemini(llm);
  const completions = new Completions(state);
  return (req, res) => {
    answerRequest(state, dialect, completions, req, res).catch(() => res.destroy());
  };
}

async function answerRequest(
  state: ServiceState<LlmService>,
  dialect: Dialect,
  completions: Completions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = isTooLarge(req) ? null : await readBody(req);
  const url = new URL(req.url ?? '/', 'http://provider');
  const question = dialect.understand(req.method ?? 'GET', url.pathname, url.searchParams, body ?? '');
  if (body === null || question === undefined || isAnswer(question)) {
    state.stats.other += 1;
    const refusal = body === null ? dialect.error(413, 'Request too large') : dialect.error(404, 'Not found');
    send(req, res, question !== undefined && body !== null && isAnswer(question) ? question : refusal);
    return;
  }
  const known = completions.find(question.prompt);
  if (known !== undefined) await answerQuestion(state, dialect, question, known, req, res);
}

async function answerQuestion(
  state: ServiceState<LlmService>,
  dialect: Dialect,
  question: Question,
  { runtime, text }: { runtime: EndpointRuntime<CompletionEndpoint>; text: string },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const handling = state.begin(runtime);
  const fate = state.fate();
  const totalMs = state.latencyMs(runtime, fate);
  try {
    if (fate.kind !== 'usual') {
      await sleep(totalMs);
      if (isGone(res)) return;
      const refused = refusal(dialect, fate);
      send(req, res, refused);
      handling.finish(refused.status, labelArguments(runtime.known, {}));
      return;
    }
    const completion = complete(question.prompt, text, question.maxTokens);
    const { firstTokenDelayMs, stream } = state.effects;
    const pace: Pace = {
      firstTokenMs: totalMs * FIRST_TOKEN_SHARE + firstTokenDelayMs,
      gapMs: (totalMs * (1 - FIRST_TOKEN_SHARE)) / Math.max(1, completion.pieces.length),
      stream,
      hold() {
        // Nobody would release what is held after the fault.
        if (state.effects.stream === 'stalled') state.listener.hold(req.socket);
        else req.socket.destroy();
      },
    };
    const id = Math.floor(state.around.random() * 0xffffffff).toString(36);
    const now = state.around.now();
    const told =
      question.mode === 'whole'
        ? await sendWhole(res, dialect.whole(completion, id, now), completion.pieces.length, pace)
        : await sendStream(res, dialect.script(completion, question, id, now), dialect.keepAlive, pace);
    if (told) handling.finish(200, labelArguments(runtime.known, {}));
  } finally {
    handling.abandon();
  }
}

function refusal(dialect: Dialect, fate: Fate): ReadyAnswer {
  if (fate.kind !== 'fail') return answer(200, '{"unexpected":true}', ['content-type', 'application/json']);
  const overloaded = 'The model is overloaded. Please try again later.';
  return dialect.error(fate.status, fate.status === 503 ? overloaded : 'An internal error has occurred.');
}

function isAnswer(value: Question | ReadyAnswer): value is ReadyAnswer {
  return 'status' in value;
}
