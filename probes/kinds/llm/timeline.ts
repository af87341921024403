import { CHUNK_BOUNDS_SECONDS } from './bounds.ts';
import type { Delta } from './dialects/dialect.ts';
import type { LlmFacts, TokenUsage } from './facts.ts';

/** Chunks whose gaps are kept; a reply of a probe has a few dozen. */
const MAX_GAPS = 10_000;
/** Characters of the reply that are kept to be matched. */
const MAX_TEXT = 65_536;

/** What came when. Times are monotonic milliseconds, taken when the bytes arrived. */
export interface Timeline {
  readonly text: string;
  readonly finishReason: string | null;
  readonly model: string | null;
  readonly usage: TokenUsage | null;
  /** Whether a token of either sort has come. */
  readonly hasToken: boolean;
  readonly hasContent: boolean;
  readonly lastTokenMs: number;
  /** Milliseconds between chunks that hold tokens, in their order. */
  readonly gapsMs: readonly number[];
  /** The request has left: what came before was the client's own work. */
  sent(atMs: number): void;
  add(delta: Delta, atMs: number): void;
  keepAlive(): void;
  facts(): LlmFacts;
}

/** A timeline of a request that is begun; its figures count from when it was sent. */
export function createTimeline(begunMs: number): Timeline {
  let sentMs = begunMs;
  let firstReasoningMs: number | null = null;
  let firstContentMs: number | null = null;
  let lastTokenMs = begunMs;
  let chunks = 0;
  let keepAlives = 0;
  let text = '';
  let finishReason: string | null = null;
  let model: string | null = null;
  let usage: TokenUsage | null = null;
  const gaps: number[] = [];

  return {
    get text() {
      return text;
    },
    get finishReason() {
      return finishReason;
    },
    get model() {
      return model;
    },
    get usage() {
      return usage;
    },
    get hasToken() {
      return chunks > 0;
    },
    get hasContent() {
      return firstContentMs !== null;
    },
    get lastTokenMs() {
      return lastTokenMs;
    },
    gapsMs: gaps,
    sent(atMs) {
      sentMs = atMs;
    },
    add(delta, atMs) {
      finishReason = delta.finishReason ?? finishReason;
      model = delta.model ?? model;
      usage = delta.usage ?? usage;
      // A role alone, a signature or a usage is no token.
      if (delta.content === '' && delta.reasoning === '') return;
      if (delta.reasoning !== '') firstReasoningMs ??= atMs;
      if (delta.content !== '') firstContentMs ??= atMs;
      if (chunks > 0 && gaps.length < MAX_GAPS) gaps.push(atMs - lastTokenMs);
      chunks += 1;
      lastTokenMs = atMs;
      if (text.length < MAX_TEXT) text += delta.content;
    },
    keepAlive() {
      keepAlives += 1;
    },
    facts() {
      const since = (ms: number) => (ms - sentMs) / 1_000;
      const facts: LlmFacts = { chunks, keepAlives };
      if (firstReasoningMs !== null) facts.firstReasoningSeconds = since(firstReasoningMs);
      if (firstContentMs !== null) facts.firstTokenSeconds = since(firstContentMs);
      if (finishReason !== null) facts.finishReason = finishReason;
      if (model !== null) facts.model = model;
      if (gaps.length > 0) facts.gaps = summary(gaps);
      if (usage === null || chunks === 0) return usage === null ? facts : { ...facts, usage };
      const firstMs = Math.min(firstReasoningMs ?? lastTokenMs, firstContentMs ?? lastTokenMs);
      return { ...facts, usage, ...rates(usage, firstReasoningMs !== null, firstMs - sentMs, lastTokenMs - sentMs) };
    },
  };
}

/**
 * Figures from the provider's count of tokens, since a chunk may hold many. Inter-token latency is (latency - time to first token) /
 * (tokens - 1), as NVIDIA's AIPerf defines it, with the latency up to the last token. Reasoning that is counted but was not shown
 * lies before the first token: it is left out of what came after it.
 */
function rates({ output, reasoning }: TokenUsage, reasoningShown: boolean, firstMs: number, lastMs: number): LlmFacts {
  const shown = reasoningShown ? output : output - reasoning;
  const decodeMs = lastMs - firstMs;
  const facts: LlmFacts = {};
  if (output > 0 && lastMs > 0) facts.tokensPerSecond = (output * 1_000) / lastMs;
  // In a single chunk there is no time between its tokens.
  if (shown >= 2 && decodeMs > 0) {
    facts.interTokenSeconds = decodeMs / 1_000 / (shown - 1);
    facts.decodeTokensPerSecond = ((shown - 1) * 1_000) / decodeMs;
  }
  return facts;
}

function summary(gapsMs: readonly number[]): NonNullable<LlmFacts['gaps']> {
  const sorted = [...gapsMs].sort((a, b) => a - b);
  return {
    count: sorted.length,
    sumSeconds: sorted.reduce((sum, ms) => sum + ms, 0) / 1_000,
    medianSeconds: (sorted[Math.ceil(sorted.length / 2) - 1] ?? 0) / 1_000,
    maxSeconds: (sorted.at(-1) ?? 0) / 1_000,
    within: CHUNK_BOUNDS_SECONDS.map((bound) => sorted.filter((ms) => ms / 1_000 <= bound).length),
  };
}
