/** What a look at a language model saw; a field is absent when the run did not get that far. Seconds. */
export interface LlmFacts {
  /** From the request to the first token of reasoning, where the model shows it. */
  firstReasoningSeconds?: number;
  /** From the request to the first token of the reply. */
  firstTokenSeconds?: number;
  /** Between the tokens of the answer, by the provider's own count; absent under two tokens, or in a single chunk. */
  interTokenSeconds?: number;
  /** All tokens written, over the time from the request to the last of them. */
  tokensPerSecond?: number;
  /** The same after the first token: how fast the model writes once it does. */
  decodeTokensPerSecond?: number;
  /** Between chunks that hold tokens. A chunk is not a token: some providers send many in one. */
  gaps?: {
    count: number;
    sumSeconds: number;
    medianSeconds: number;
    maxSeconds: number;
    /** How many were within each of CHUNK_BOUNDS_SECONDS. */
    within: number[];
  };
  /** Chunks that hold tokens. */
  chunks?: number;
  /** Comments that only keep the connection open: a provider under load queues the request. */
  keepAlives?: number;
  usage?: TokenUsage;
  /** As the provider words it: `stop`, `MAX_TOKENS`. */
  finishReason?: string;
  /** As the answer names it. */
  model?: string;
  /** Which provider answered, of those that the catalogue names for a route; `other` for none of them. */
  answeredBy?: string;
  budget?: BudgetFacts;
}

/** Tokens, as the provider counts them. */
export interface TokenUsage {
  input: number;
  /** Reasoning included. */
  output: number;
  reasoning: number;
}

/** Spending of the day so far, against what is allowed. */
export interface BudgetFacts {
  usedTokens: number;
  limitTokens: number;
  usedUsd: number;
  /** Null: money is not limited. */
  limitUsd: number | null;
  /** Whether one more look would exceed it: none takes place. */
  exhausted: boolean;
}
