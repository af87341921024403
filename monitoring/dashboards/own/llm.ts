import type { Catalogue, LlmService } from '../../../thresholds/model.ts';
import { GEN_AI_LABEL, LLM_METRIC, PROBE_METRIC } from '../../../thresholds/names.ts';
import { bucketMatcher } from '../../promql/text.ts';
import type { Disturbance, PanelSpec, QuerySpec } from '../spec.ts';
import type { OwnDashboard } from './own-dashboard.ts';
import { ratesBy, series } from './series.ts';

const BY_TARGET = 'by (target)';

/** Providers of language models, as their probes see them. */
export const LLM_PROVIDERS: OwnDashboard = {
  title: 'LLM Providers',
  file: 'llm-providers.json',
  description: 'How soon and how fast providers of language models answer, and what asking them costs.',
  subject: PROBE_METRIC.success,
  panels(catalogue) {
    const providers = catalogue.systems.flatMap(({ services }) => services.filter(isLlm));
    const [first] = providers;
    return first === undefined ? [] : providerPanels(first, providers, routed(catalogue));
  },
};

function providerPanels(first: LlmService, providers: readonly LlmService[], isRouted: boolean): PanelSpec[] {
  const slow: Disturbance = { system: first.system, service: first.id, kind: 'slow-first-token', delayMs: 1_000 };
  const strictest = Math.min(...providers.map(({ llm }) => llm.firstTokenWithinMs)) / 1_000;
  return [
    lines('Time to first token', 'From the request to the first token of the last reply.', 's', {
      limits: { breach: 'above', critical: strictest },
      queries: [last(LLM_METRIC.firstTokenSeconds)],
      shows: slow,
    }),
    lines('First tokens in time', 'Share of replies that began within the promised time.', 'percentunit', {
      max: 1,
      queries: providers.map((provider) => inTime(provider)),
      shows: { ...slow, delayMs: 2 * first.llm.firstTokenWithinMs },
    }),
    lines('Tokens a second', 'Tokens written over the time to the last one.', 'none', {
      queries: [last(LLM_METRIC.outputTokensPerSecond)],
      shows: slow,
    }),
    lines('Time between tokens', 'Mean gap between the tokens of the last reply.', 's', {
      queries: [{ ...last(LLM_METRIC.interTokenSeconds), still: 'the first token is late, those after it are not' }],
      shows: slow,
    }),
    lines('Cost of probing today', 'US dollars spent on probes since midnight, and what may be spent.', 'currencyUSD', {
      queries: [
        {
          expr: `max ${BY_TARGET} (${series(LLM_METRIC.budgetUsedUsd)})`,
          legend: '{{target}}',
          still: 'it grows with each paid look, whatever its answer',
        },
        {
          expr: `max ${BY_TARGET} (${series(LLM_METRIC.budgetLimitUsd)})`,
          legend: '{{target}} at most',
          still: 'a limit',
        },
      ],
      shows: slow,
    }),
    {
      title: 'Budget of tokens left',
      visualisation: 'gauge',
      description: "Share of the day's tokens for probes that is left.",
      unit: 'percentunit',
      min: 0,
      max: 1,
      limits: { breach: 'below', warning: 0.2, critical: 0 },
      queries: [
        {
          expr:
            `min ${BY_TARGET} (${series(LLM_METRIC.budgetRemainingTokens)} / ` +
            `${series(LLM_METRIC.budgetLimitTokens)})`,
          legend: '{{target}}',
          still: 'it falls with each paid look, whatever its answer',
        },
      ],
      shows: slow,
    },
    ...(isRouted ? [answeredBy(slow)] : []),
  ];
}

function answeredBy(shows: Disturbance): PanelSpec {
  return {
    title: 'Answered by',
    visualisation: 'grid',
    description: 'Which provider answered the last question that was asked over a route.',
    unit: 'none',
    texts: { '1': { text: 'answered', color: 'blue' }, '0': { text: '-', color: 'green' } },
    queries: [
      {
        expr: `max by (target, ${GEN_AI_LABEL.provider}) (${series(LLM_METRIC.answeredBy)})`,
        legend: `{{target}} {{${GEN_AI_LABEL.provider}}}`,
        still: 'the probe of the route asks for the fallback, which answers in health and in trouble',
      },
    ],
    shows,
  };
}

function lines(
  title: string,
  description: string,
  unit: string,
  rest: Pick<PanelSpec, 'queries' | 'shows'> & Partial<PanelSpec>,
): PanelSpec {
  return { title, description, unit, visualisation: 'line', ...rest };
}

function last(metric: string): QuerySpec {
  return { expr: `max ${BY_TARGET} (${series(metric)})`, legend: '{{target}}' };
}

/** The bucket that ends at the promise: the histogram has it whatever else it has. */
function inTime({ system, id, llm }: LlmService): QuerySpec {
  const seconds = llm.firstTokenWithinMs / 1_000;
  const own = [`system="${system}"`, `service="${id}"`];
  const name = LLM_METRIC.timeToFirstChunkSeconds;
  return {
    expr: `${ratesBy(['target'], `${name}_bucket`, [...own, bucketMatcher(seconds)])} / (${ratesBy(['target'], `${name}_count`, own)} > 0)`,
    legend: `{{target}} within ${seconds} s`,
    shows: { system, service: id, kind: 'slow-first-token', delayMs: 2 * llm.firstTokenWithinMs },
  };
}

function isLlm(service: { kind: string }): service is LlmService {
  return service.kind === 'llm';
}

function routed({ systems }: Catalogue): boolean {
  return systems.some(({ services }) =>
    services.some(({ probe, furtherProbes }) =>
      [probe, ...furtherProbes.values()].some((spec) => spec.kind === 'llm' && spec.tier === 'route'),
    ),
  );
}
