import { CARD } from '../../card.ts';
import type { ServiceDocument } from '../../document/document.ts';
import type { ProbeDocumentOf } from '../../document/probe.ts';
import type { LlmBudget, LlmGenerationSpec, LlmRouteSpec, ProbeBase, TokenPrices } from '../../model.ts';
import { parseDurationMs } from '../../units.ts';
import { httpLoader } from './http.ts';
import { checkLlmProbe } from './llm-check.ts';
import type { ProbeLoader } from './loader.ts';

type LlmDocument = ProbeDocumentOf<'llm'>;
type GenerationDocument = NonNullable<LlmDocument['generation']>;
type RouteDocument = NonNullable<LlmDocument['route']>;
type LlmServiceDocument = Extract<ServiceDocument, { kind: 'llm' }>;

/** Tokens that a provider adds to a prompt (its chat template), and characters to a token at the least. */
const PROMPT_OVERHEAD_TOKENS = 16;
const BYTES_PER_TOKEN = 3;

export const llmLoader: ProbeLoader<'llm'> = {
  resolve(document, timing, service) {
    if (document.route !== undefined) return resolveRoute(document, document.route, timing, service);
    // checkLlmProbe refuses it for any other service.
    const { llm, id } = service as LlmServiceDocument;
    const provider = document.provider ?? (llm.api === 'gemini' ? 'gcp.gemini' : id);
    const free = { path: document.path ?? `${llm.basePath ?? ''}/models` };
    const expect = document.expect === undefined ? {} : { expect: document.expect };
    return {
      ...timing,
      kind: 'llm',
      tier: 'reachability',
      provider,
      model: llm.model,
      request: httpLoader.resolve({ kind: 'http', ...free, ...expect }, timing, service),
      budget:
        document.generation === undefined ? null : resolveGeneration(document.generation, provider, timing, llm).budget,
    };
  },
  further(document, timing, service) {
    if (document.generation === undefined || document.route !== undefined) return {};
    const { llm, id } = service as LlmServiceDocument;
    const provider = document.provider ?? (llm.api === 'gemini' ? 'gcp.gemini' : id);
    return { generation: resolveGeneration(document.generation, provider, timing, llm) };
  },
  check: checkLlmProbe,
};

function resolveGeneration(
  document: GenerationDocument,
  provider: string,
  timing: ProbeBase,
  llm: LlmServiceDocument['llm'],
): LlmGenerationSpec {
  const prompt = document.prompt ?? CARD.generation.prompt;
  const maxTokens = document.maxTokens ?? CARD.generation.maxTokens;
  const prices = llm.usdPerMillionTokens ?? null;
  const input = Math.ceil(new TextEncoder().encode(prompt).length / BYTES_PER_TOKEN) + PROMPT_OVERHEAD_TOKENS;
  return {
    ...slowTiming(document, timing),
    kind: 'llm',
    tier: 'generation',
    provider,
    model: llm.model,
    budget: resolveBudget(document.budget, prices, { input, output: maxTokens }),
    usdPerMillionTokens: prices,
    api: llm.api,
    basePath: (llm.basePath ?? '').replace(/\/$/, ''),
    prompt,
    maxTokens,
    parameters: document.parameters ?? {},
    expectText: document.expectText ?? (document.prompt === undefined ? CARD.generation.expectText : '\\S'),
    expectModel: document.expectModel ?? `^(models/)?${llm.model.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`,
    firstTokenWithinMs: durationOr(
      document.firstTokenWithin,
      durationOr(llm.firstTokenWithin, CARD.firstTokenWithinMs),
    ),
    gapWithinMs: durationOr(document.gapWithin, CARD.generation.gapWithinMs),
    histograms: document.histograms ?? false,
  };
}

function resolveRoute(
  { provider }: LlmDocument,
  document: RouteDocument,
  timing: ProbeBase,
  service: ServiceDocument,
): LlmRouteSpec {
  const { method, path, headers, body, expect } = document;
  const prices = document.usdPerMillionTokens ?? null;
  const given = Object.fromEntries(
    Object.entries({ method, headers, body, expect }).filter(([, value]) => value !== undefined),
  );
  const slow = slowTiming(document, timing);
  return {
    ...slow,
    kind: 'llm',
    tier: 'route',
    provider: provider ?? service.id,
    // All of them at the dearer price: the answer does not say how many were read and how many written.
    budget: resolveBudget(document.budget, prices, {
      input: 0,
      output: document.tokens ?? CARD.generation.routeTokens,
    }),
    usdPerMillionTokens: prices,
    request: httpLoader.resolve({ kind: 'http', path, ...given }, slow, service),
    answeredBy: document.answeredBy,
    providers: document.providers,
    expectProvider: document.expectProvider,
  };
}

/** A paid look is rare while all is well; once it fails, the next one is soon, as far as the budget goes. */
function slowTiming({ every, timeout }: GenerationDocument | RouteDocument, timing: ProbeBase): ProbeBase {
  const intervalMs = durationOr(every, CARD.generation.everyMs);
  const { recheckMs } = CARD.generation;
  return {
    ...timing,
    intervalMs,
    timeoutMs: durationOr(timeout, CARD.generation.timeoutMs),
    degradedAboveMs: null,
    recheckMs: recheckMs < intervalMs ? recheckMs : null,
  };
}

function resolveBudget(
  { tokensPerDay, usdPerDay }: GenerationDocument['budget'],
  prices: TokenPrices | null,
  { input, output }: { input: number; output: number },
): LlmBudget {
  const usd = prices === null ? 0 : (input * prices.input + output * prices.output) / 1e6;
  return { tokensPerDay, usdPerDay: usdPerDay ?? null, estimate: { tokens: input + output, usd } };
}

function durationOr(text: string | undefined, otherwiseMs: number): number {
  return text === undefined ? otherwiseMs : parseDurationMs(text);
}
