import type { ProbeBase } from './base.ts';
import type { HttpProbeSpec } from './http.ts';

/** A probe of a language model: the free request, the paid completion, or the way through an application. */
export type LlmProbeSpec = LlmReachabilitySpec | LlmGenerationSpec | LlmRouteSpec;

interface LlmBase extends ProbeBase {
  kind: 'llm';
  /** As OpenTelemetry names it: `gcp.gemini`, `deepseek`. */
  provider: string;
}

/** Asks what costs nothing, each interval. */
export interface LlmReachabilitySpec extends LlmBase {
  tier: 'reachability';
  model: string;
  request: HttpProbeSpec;
  /** Of the paid probe beside it, whose spending it exports; null without one. */
  budget: LlmBudget | null;
}

/** What every paid look has; its interval is a long one. */
interface LlmPaid extends LlmBase {
  budget: LlmBudget;
  usdPerMillionTokens: TokenPrices | null;
}

/** Asks a provider for a streamed completion. */
export interface LlmGenerationSpec extends LlmPaid {
  tier: 'generation';
  api: 'openai' | 'gemini';
  model: string;
  /** Path before `/chat/completions` (openai) or `/models/...` (gemini); no slash at its end. */
  basePath: string;
  prompt: string;
  maxTokens: number;
  /** Further fields of the request's body, such as a switch that turns reasoning off. */
  parameters: Record<string, unknown>;
  /** Source of a regular expression that the reply must match. */
  expectText: string;
  /** Source of a regular expression that the model named in the answer must match. */
  expectModel: string;
  /** Wall-clock limit of the first token; keep-alives do not extend it. */
  firstTokenWithinMs: number;
  /** Longest silence between two tokens. */
  gapWithinMs: number;
  /** Export OpenTelemetry's histograms in full, beyond the forty series that a target usually has. */
  histograms: boolean;
}

/** Asks an application, with its first provider made to fail, who answers. */
export interface LlmRouteSpec extends LlmPaid {
  tier: 'route';
  request: HttpProbeSpec;
  /** Where the answer names who gave it. */
  answeredBy: { json: string } | { header: string };
  /** Source of a regular expression on that value, by provider. */
  providers: Record<string, string>;
  /** One of `providers`. */
  expectProvider: string;
}

/** Most that paid looks at one service may use in one day (UTC), and what one look is expected to use at most. */
export interface LlmBudget {
  tokensPerDay: number;
  /** Null: money is not limited. */
  usdPerDay: number | null;
  estimate: { tokens: number; usd: number };
}

export interface TokenPrices {
  input: number;
  output: number;
}
