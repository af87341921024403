import { jsonAnswer, type ReadyAnswer } from '../http/answer.ts';
import { jsonObject } from '../metrics/arguments.ts';
import type { Completion } from './completion.ts';
import type { Dialect, LlmSpec, Question } from './dialect.ts';

const DEFAULT_MAX_TOKENS = 4_096;

interface Message {
  role?: unknown;
  content?: unknown;
}

/** The chat completions of OpenAI's API, as DeepSeek serves them. */
export function openAi(llm: LlmSpec): Dialect {
  const reasons = /reason/.test(llm.model);

  function understand(method: string, path: string, _: URLSearchParams, text: string) {
    if (path === `${llm.basePath}/models`) return method === 'GET' ? models(llm) : wrongMethod(method);
    if (path !== `${llm.basePath}/chat/completions`) return undefined;
    if (method !== 'POST') return wrongMethod(method);
    const body = jsonObject(text);
    if (body.model !== llm.model) return error(404, `The model \`${body.model}\` does not exist`, 'model_not_found');
    const messages = body.messages;
    if (!Array.isArray(messages) || messages.length === 0) {
      return error(400, "Missing required parameter: 'messages'.", 'invalid_request_error');
    }
    const last = (messages as Message[]).findLast(({ role }) => role === 'user');
    const options = body.stream_options as { include_usage?: boolean } | undefined;
    const question: Question = {
      prompt: String(last?.content ?? ''),
      maxTokens: Number(body.max_tokens ?? body.max_completion_tokens ?? DEFAULT_MAX_TOKENS),
      mode: body.stream === true ? 'sse' : 'whole',
      includeUsage: options?.include_usage === true,
    };
    return question;
  }

  const head = (id: string, nowMs: number, object: string) => ({
    id: `chatcmpl-${id}`,
    object,
    created: Math.floor(nowMs / 1_000),
    model: llm.model,
  });

  return {
    keepAlive: ': keep-alive\n\n',
    understand,
    error: (status, message) => error(status, message, status === 503 ? 'service_unavailable' : 'server_error'),
    whole(completion, id, nowMs) {
      const reasoning = reasons ? { reasoning_content: 'The question is short.' } : {};
      const message = { role: 'assistant', content: completion.pieces.join(''), ...reasoning };
      const choices = [{ index: 0, message, logprobs: null, finish_reason: reason(completion) }];
      return JSON.stringify({ ...head(id, nowMs, 'chat.completion'), choices, usage: usage(completion) });
    },
    script(completion, { includeUsage }, id, nowMs) {
      const event = (choices: unknown[], rest = {}) =>
        `data: ${JSON.stringify({ ...head(id, nowMs, 'chat.completion.chunk'), choices, ...rest })}\n\n`;
      const delta = (content: Record<string, string>, finish: string | null = null) =>
        event([{ index: 0, delta: content, logprobs: null, finish_reason: finish }]);
      return {
        contentType: 'text/event-stream; charset=utf-8',
        // The role alone is no token: clients must not take it for the first one.
        opening: '',
        tokens: completion.pieces.map((content, index) =>
          index > 0
            ? delta({ content })
            : delta({ role: 'assistant', content: '' }) +
              (reasons ? delta({ reasoning_content: 'The question is short.' }) : '') +
              delta({ content }),
        ),
        closing: [
          delta({}, reason(completion)),
          includeUsage ? event([], { usage: usage(completion) }) : '',
          'data: [DONE]\n\n',
        ].join(''),
      };
    },
  };
}

function models(llm: LlmSpec): ReadyAnswer {
  return jsonAnswer(200, { object: 'list', data: [{ id: llm.model, object: 'model', owned_by: 'firedrill' }] });
}

function reason({ finished }: Completion): string {
  return finished ? 'stop' : 'length';
}

function usage({ promptTokens, pieces }: Completion) {
  const completionTokens = pieces.length;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function wrongMethod(method: string): ReadyAnswer {
  return error(405, `Not allowed to ${method} on this path`, 'invalid_request_error');
}

function error(status: number, message: string, code: string): ReadyAnswer {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return jsonAnswer(status, { error: { message, type, param: null, code } });
}
