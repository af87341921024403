import { jsonAnswer, type ReadyAnswer } from '../http/answer.ts';
import { escapePattern } from '../http/escape-pattern.ts';
import { jsonObject } from '../metrics/arguments.ts';
import type { Completion } from './completion.ts';
import type { Dialect, LlmSpec, Question } from './dialect.ts';

const DEFAULT_MAX_TOKENS = 8_192;

/** Names of the HTTP statuses in Google's errors (google.rpc.Code). */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

interface Content {
  role?: unknown;
  parts?: { text?: unknown }[];
}

/** The Gemini API: `generateContent` and `streamGenerateContent`. */
export function gemini(llm: LlmSpec): Dialect {
  const action = new RegExp(`^${escapePattern(llm.basePath)}/models/([^/:]+):(generateContent|streamGenerateContent)$`);

  function understand(method: string, path: string, search: URLSearchParams, text: string) {
    if (path === `${llm.basePath}/models`) return method === 'GET' ? models(llm) : error(405, 'Method not allowed.');
    const match = action.exec(path);
    if (match === null) return undefined;
    if (method !== 'POST') return error(405, 'Method not allowed.');
    if (match[1] !== llm.model) {
      return error(404, `models/${match[1]} is not found for API version ${llm.basePath.split('/').at(-1)}.`);
    }
    const body = jsonObject(text);
    const contents = body.contents;
    if (!Array.isArray(contents) || contents.length === 0) {
      return error(400, '* GenerateContentRequest.contents: contents is not specified\n');
    }
    const last = (contents as Content[]).findLast(({ role }) => role === undefined || role === 'user');
    const config = body.generationConfig as { maxOutputTokens?: number } | undefined;
    const streamed = search.get('alt') === 'sse' ? 'sse' : 'array';
    const question: Question = {
      prompt: (last?.parts ?? []).map((part) => String(part.text ?? '')).join(''),
      maxTokens: Number(config?.maxOutputTokens ?? DEFAULT_MAX_TOKENS),
      mode: match[2] === 'generateContent' ? 'whole' : streamed,
      includeUsage: true,
    };
    return question;
  }

  const part = (text: string, completion: Completion, told: number, id: string) => {
    const isLast = told === completion.pieces.length;
    const finish = isLast ? { finishReason: completion.finished ? 'STOP' : 'MAX_TOKENS' } : {};
    return {
      candidates: [{ content: { parts: [{ text }], role: 'model' }, ...finish, index: 0 }],
      usageMetadata: {
        promptTokenCount: completion.promptTokens,
        candidatesTokenCount: told,
        totalTokenCount: completion.promptTokens + told,
      },
      modelVersion: llm.model,
      responseId: id,
    };
  };

  return {
    keepAlive: '',
    understand,
    error,
    whole: (completion, id) =>
      JSON.stringify(part(completion.pieces.join(''), completion, completion.pieces.length, id)),
    script(completion, { mode }, id) {
      const parts = completion.pieces.map((text, index) => JSON.stringify(part(text, completion, index + 1, id)));
      return mode === 'sse'
        ? {
            contentType: 'text/event-stream',
            opening: '',
            tokens: parts.map((json) => `data: ${json}\r\n\r\n`),
            closing: '',
          }
        : {
            contentType: 'application/json; charset=UTF-8',
            opening: '[',
            tokens: parts.map((json, index) => (index === 0 ? json : `,\r\n${json}`)),
            closing: ']',
          };
    },
  };
}

function models(llm: LlmSpec): ReadyAnswer {
  const supportedGenerationMethods = ['generateContent', 'streamGenerateContent'];
  return jsonAnswer(200, {
    models: [{ name: `models/${llm.model}`, displayName: llm.model, supportedGenerationMethods }],
  });
}

function error(code: number, message: string): ReadyAnswer {
  return jsonAnswer(code, { error: { code, message, status: STATUS_NAMES[code] ?? 'UNKNOWN' } });
}
