import type { CompletionEndpoint, LlmService } from '../../../thresholds/model.ts';
import { expectedText } from '../http/answer.ts';
import type { EndpointRuntime, ServiceState } from '../service-state.ts';

/** A completion as it will be told. */
export interface Completion {
  /** Pieces in order; joined they are the answer. A piece stands for one token. */
  pieces: string[];
  /** False when the limit of tokens cut it off. */
  finished: boolean;
  promptTokens: number;
}

/** Usual length of a token in English text, characters. */
const TOKEN_CHARACTERS = 4;

/** What a model obeys to the letter, so that a probe can check its reply. */
const EXACT_REPLY = /^Reply with exactly: (.+)$/;

/** Answers of one provider by prompt. */
export class Completions {
  readonly #known: { runtime: EndpointRuntime<CompletionEndpoint>; text: string }[];

  constructor(state: ServiceState<LlmService>) {
    this.#known = state.endpoints.map((runtime) => {
      const typed = runtime as EndpointRuntime<CompletionEndpoint>;
      return { runtime: typed, text: expectedText(typed.endpoint, state.service.target) };
    });
  }

  /** The endpoint that a prompt belongs to: the one with this very prompt, else the first. An exact reply is given where one is asked for. */
  find(prompt: string): { runtime: EndpointRuntime<CompletionEndpoint>; text: string } | undefined {
    const known = this.#known.find(({ runtime }) => runtime.endpoint.prompt === prompt);
    const [first] = this.#known;
    const exact = EXACT_REPLY.exec(prompt)?.[1];
    if (known !== undefined || first === undefined || exact === undefined) return known ?? first;
    return { runtime: first.runtime, text: exact };
  }
}

/** Splits an answer into tokens, at most `maxTokens` of them. */
export function complete(prompt: string, text: string, maxTokens: number): Completion {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  // At least two pieces: the time between tokens is not defined for one.
  const all =
    words.length > 1 ? words : [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))];
  const pieces = all.filter((piece) => piece !== '');
  return {
    pieces: pieces.slice(0, maxTokens),
    finished: pieces.length <= maxTokens,
    promptTokens: Math.ceil(prompt.length / TOKEN_CHARACTERS),
  };
}
