import type { Service } from '../../../../thresholds/model.ts';
import { successLimit } from '../../limits.ts';
import type { SystemMetrics } from '../../metrics.ts';
import type { QuerySpec } from '../../spec.ts';
import { boxQueries } from '../panels.ts';
import { dashboardUid, type SystemDashboard } from '../system-dashboard.ts';

const BACKEND = 'backend';
const CALLS = 'llm_requests_total';
const TOKENS = 'llm_tokens_total';
const SECONDS_A_DAY = 86_400;

/** The providers of language models, as the API meets them. */
export const LLM_SERVICE: SystemDashboard = {
  title: 'LLM Service',
  file: 'llm-service.json',
  description: 'The providers of language models that the API asks.',
  subject: 'up',
  panels: (metrics) => {
    const [first, ...others] = metrics.system.services.filter((service) => service.kind === 'llm');
    const providers = [first, ...others].filter((service) => service !== undefined);
    const failing = { service: first?.id ?? '', kind: 'provider-errors' } as const;
    return [
      {
        title: 'Provider usage distribution',
        visualisation: 'pie',
        description: 'Calls in the chosen time, by provider.',
        unit: 'short',
        details: dashboardUid('firedrill', 'LLM Providers'),
        queries: [{ expr: metrics.increase(CALLS, { by: ['provider'], window: '$__range' }), legend: '{{provider}}' }],
        shows: { service: BACKEND, kind: 'traffic' },
      },
      {
        title: 'Response time by provider',
        visualisation: 'bands',
        description: "Time of a provider's whole answer: median, middle half, and from p5 to p95.",
        unit: 's',
        alert: 'GeminiSlow',
        queries: boxes(metrics, providers),
        shows: { service: first?.id ?? '', kind: 'slow', delayMs: 1_500 },
      },
      {
        title: 'Success rate by provider',
        visualisation: 'gauge',
        description: 'Share of the calls that the provider answered, now.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        limits: successLimit(providers),
        alert: 'LLMProviderError',
        queries: [{ expr: metrics.share(CALLS, 'status="success"', { by: ['provider'] }), legend: '{{provider}}' }],
        shows: failing,
      },
      {
        title: 'Fallback frequency',
        visualisation: 'counter',
        description: 'Calls a minute of providers that are asked when the first one fails.',
        unit: 'opm',
        width: 6,
        alert: 'LLMFallbackError',
        queries: [
          {
            expr: `60 * ${metrics.rate(CALLS, { by: ['provider'], where: [`provider!="${first?.id}"`] })}`,
            legend: '{{provider}}',
          },
        ],
        shows: failing,
      },
      {
        title: 'Cost estimation',
        visualisation: 'counter',
        description: 'What a day costs at the present pace, by the prices of the catalogue.',
        unit: 'currencyUSD',
        decimals: 2,
        width: 6,
        queries: costs(metrics, providers),
        shows: failing,
      },
    ];
  },
};

function boxes(metrics: SystemMetrics, providers: readonly Service[]): QuerySpec[] {
  return providers.flatMap(({ id }) =>
    boxQueries(metrics, 'llm_request_duration_seconds', {
      where: [`provider="${id}"`],
      name: id,
      shows: { service: id, kind: 'slow', delayMs: 1_500 },
    }),
  );
}

/** US dollars a day of each provider with a price. */
function costs(metrics: SystemMetrics, providers: readonly Service[]): QuerySpec[] {
  return providers.flatMap((service): QuerySpec[] => {
    const prices = service.kind === 'llm' ? service.llm.usdPerMillionTokens : null;
    if (prices === null) return [];
    const tokens = (type: string) =>
      metrics.rate(TOKENS, { where: [`provider="${service.id}"`, 'status="success"', `type="${type}"`] });
    const perSecond = `(${tokens('input')} * ${prices.input} + ${tokens('output')} * ${prices.output}) / 1e6`;
    return [
      {
        expr: `${SECONDS_A_DAY} * ${perSecond}`,
        legend: service.id,
        shows: { service: service.id, kind: 'provider-errors' },
      },
    ];
  });
}
