import type { LlmService } from '../../../thresholds/model.ts';
import type { ReadyAnswer } from '../http/answer.ts';
import type { Completion } from './completion.ts';

/** A request for a completion, as far as it was understood. */
export interface Question {
  prompt: string;
  maxTokens: number;
  /** `array` is Gemini's stream without `alt=sse`: one JSON array. */
  mode: 'whole' | 'sse' | 'array';
  includeUsage: boolean;
}

/** The pieces of a streamed answer: each is sent as it stands, `[0]` with the first token, the last after the last token. */
export interface StreamScript {
  /** Sent at once, before any token; may be empty. */
  opening: string;
  /** One text for each token. */
  tokens: string[];
  /** The mark of the end. */
  closing: string;
  contentType: string;
}

/** How a provider's API words its requests, answers and errors. */
export interface Dialect {
  /** The request's meaning, or the error to answer it with. `undefined` for a path that the API does not have. */
  understand(method: string, path: string, search: URLSearchParams, body: string): Question | ReadyAnswer | undefined;
  /** The whole answer, not streamed. */
  whole(completion: Completion, id: string, nowMs: number): string;
  script(completion: Completion, question: Question, id: string, nowMs: number): StreamScript;
  error(status: number, message: string): ReadyAnswer;
  /** Sent now and then while a client waits for the first token; empty where the provider sends nothing. */
  readonly keepAlive: string;
}

export type LlmSpec = LlmService['llm'];
