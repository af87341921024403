import { describe, expect, it } from 'vitest';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { renderText } from '../../../probes/metrics/text.ts';
import type { ProbeFacts } from '../../../probes/result.ts';
import type { ProbeTarget } from '../../../probes/target.ts';
import { generationSpec, reachabilitySpec, routeSpec } from '../kinds/llm/support.ts';
import { target } from '../support.ts';
import { FAILED, runSample, UNKNOWN } from './samples.ts';

const estimate = { tokens: 40, usd: 0.001 };
const money = { tokensPerDay: 10_000, usdPerDay: 0.5, estimate };
const planned = [{ kind: 'once', fromMs: 0, toMs: 1, reason: '' }] as unknown as ProbeTarget['maintenance'];

/** Each tier in its smallest and in its largest form. */
const TIERS: Record<string, Partial<ProbeTarget>> = {
  'llm-reachability': { url: 'http://127.0.0.1:8080', spec: reachabilitySpec() },
  'llm-reachability-everything': {
    url: 'https://api.test',
    spec: reachabilitySpec({ budget: money, degradedAboveMs: 500 }),
  },
  'llm-generation': { url: 'http://127.0.0.1:8080', spec: generationSpec() },
  'llm-generation-everything': {
    url: 'https://api.test',
    spec: generationSpec({ budget: money }),
    maintenance: planned,
  },
  'llm-generation-histograms': { url: 'https://api.test', spec: generationSpec({ histograms: true }) },
  'llm-route': { url: 'http://127.0.0.1:8080', spec: routeSpec() },
  'llm-route-everything': { url: 'https://cart.test', spec: routeSpec({ budget: money }) },
};

const budget = { usedTokens: 120, limitTokens: 10_000, usedUsd: 0.2, limitUsd: 0.5, exhausted: false };
const SEEN: ProbeFacts = {
  ipProtocol: 4,
  status: 200,
  certificateExpirySeconds: 1_800_000_000,
  llm: {
    firstReasoningSeconds: 0.3,
    firstTokenSeconds: 0.9,
    interTokenSeconds: 0.02,
    tokensPerSecond: 31,
    chunks: 3,
    keepAlives: 1,
    gaps: { count: 2, sumSeconds: 0.6, medianSeconds: 0.1, maxSeconds: 0.5, within: [0, 0, 0, 0, 1, 2, 2] },
    usage: { input: 9, output: 30, reasoning: 20 },
    finishReason: 'stop',
    model: 'deepseek-chat',
    answeredBy: 'deepseek',
    budget,
  },
};

function page(change: Partial<ProbeTarget>, results: Parameters<typeof runSample>[0][]) {
  const registry = createRegistry();
  const series = registry.add(target(change));
  for (const result of results) recordRun(series, runSample(result));
  return [...renderText(registry)].join('');
}

const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const namesOf = (text: string) => seriesOf(text).map((line) => line.slice(0, line.lastIndexOf(' ')));

describe.each(Object.entries(TIERS))('the page of an %s target', (tier, change) => {
  const failed = { ...FAILED, facts: { ...SEEN, llm: { budget } } };

  it('is exactly the golden one after a success, a failure and an unknown run', async () => {
    await expect(page(change, [{ facts: SEEN }, failed, UNKNOWN])).toMatchFileSnapshot(`golden/${tier}.prom`);
  });

  // The catalogue asks for them, and names their number.
  it.skipIf(tier === 'llm-generation-histograms')(
    'has at most 40 series, also encrypted, with a planned window and a limit',
    () => {
      const { spec = reachabilitySpec() } = change;
      const fullest = { url: 'https://api.test', spec: { ...spec, degradedAboveMs: 500 }, maintenance: planned };
      expect(seriesOf(page(fullest, [{ facts: SEEN }])).length).toBeLessThanOrEqual(40);
    },
  );

  it('has the same label sets after a failure as after a success', () => {
    expect(namesOf(page(change, [{ facts: SEEN }, failed]))).toEqual(namesOf(page(change, [{ facts: SEEN }])));
  });

  it('counts each failure that its kind can have under one reason', () => {
    const reasons = [
      'refused',
      'reset',
      'timeout',
      'dns',
      'status',
      'protocol',
      'auth',
      'billing',
      'rate-limited',
      'overloaded',
      'provider-error',
      'first-token-timeout',
      'stalled-stream',
      'truncated-stream',
      'stream-error',
      'content-type',
      'empty-reply',
      'finish-reason',
      'text',
      'model',
      'provider',
      'body-too-large',
    ] as const;
    const text = page(
      change,
      reasons.map((reason) => ({ ...failed, reason })),
    );
    const counted = seriesOf(text).filter((line) => line.startsWith('probe_results_total') && line.includes('failure'));
    expect(counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(reasons.length);
  });
});

describe('the budget on the page', () => {
  it('is told by a run that did not take place as well', () => {
    const spent = {
      ...UNKNOWN,
      reason: 'budget-spent' as const,
      facts: { llm: { budget: { ...budget, exhausted: true } } },
    };
    const text = page({ spec: routeSpec() }, [{ facts: SEEN }, spent]);
    expect(text).toMatch(/^probe_llm_budget_exhausted\{.*\} 1$/m);
    expect(text).toMatch(/^probe_success\{.*\} 1$/m);
  });
});
