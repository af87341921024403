import type { System } from '../../../thresholds/model.ts';
import { GEN_AI_LABEL, LABEL, LLM_METRIC } from '../../../thresholds/names.ts';
import { quote, selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { BY_TARGET, systemMatcher, targetMatchers, targetsOfKind } from './targets.ts';

const MINUTE_MS = 60_000;
/** Of the promise: at the promise itself the prober gives up, and the probe fails. */
const NEAR_PROMISE = 0.8;

/** What only probes of language models see: none for a system without them. */
export function llmAlerts(system: System): Draft[] {
  const targets = targetsOfKind(system, 'llm');
  const generations = targets.flatMap((one) => (one.spec.tier === 'generation' ? [{ ...one, spec: one.spec }] : []));
  const routes = targets.flatMap((one) => (one.spec.tier === 'route' ? [{ ...one, spec: one.spec }] : []));
  const budgets = targets.some(({ spec }) => spec.budget !== null);
  return [
    ...(generations.length > 0 ? [slowFirstToken(generations)] : []),
    ...(routes.length > 0 ? [otherProvider(routes)] : []),
    ...(budgets ? [budgetSpent(system)] : []),
  ];
}

type Targets = ReturnType<typeof targetsOfKind<'llm'>>;

function slowFirstToken(generations: readonly (Targets[number] & { spec: { firstTokenWithinMs: number } })[]): Draft {
  const slow = generations.map((one) => {
    const limit = Number(((one.spec.firstTokenWithinMs * NEAR_PROMISE) / 1_000).toPrecision(6));
    return `max ${BY_TARGET} (${selector(LLM_METRIC.firstTokenSeconds, targetMatchers(one))}) > ${limit}`;
  });
  return {
    name: 'LlmSlowFirstToken',
    severity: 'warning',
    objective: 'first-token',
    expr: slow.join('\nor\n'),
    // A look every quarter of an hour: two in a row.
    forMs: 20 * MINUTE_MS,
    summary: 'The first token of {{ $labels.service }} takes {{ $value | humanizeDuration }}',
    description: `The last answers of {{ $labels.service }} began after {{ $value | humanizeDuration }}, above ${NEAR_PROMISE * 100} % of what is promised. Above the promise itself the probe fails.`,
    guidance: {
      meaning:
        'A provider of language models takes long until the first token of an answer, close to its promise (llm.firstTokenWithin).',
      impact: 'Users look at an empty answer. A little slower, and calls run into their limits and fall back.',
      checks: [
        'Status page of the provider: is the model overloaded?',
        'Dashboard LLM Providers: only the first token, or the tokens after it too?',
        'Was the model, its region or the way to it (proxy, network) changed?',
      ],
      fix: 'Move traffic to the other provider or to a smaller model until it recovers. Renegotiate or change the promise if it stays.',
    },
    shownOn: { dashboard: 'LLM Providers', panel: 'Time to first token' },
  };
}

function otherProvider(
  routes: readonly (Targets[number] & { spec: { providers: Record<string, string>; expectProvider: string } })[],
): Draft {
  const answered = routes.map((one) => {
    const other = `${GEN_AI_LABEL.provider}!=${quote(one.spec.expectProvider)}`;
    return `max by (${LABEL.system}, ${LABEL.service}, ${LABEL.environment}, ${LABEL.target}, ${GEN_AI_LABEL.provider}) (${selector(LLM_METRIC.answeredBy, [...targetMatchers(one), other])}) == 1`;
  });
  return {
    name: 'LlmFallbackInUse',
    severity: 'warning',
    objective: 'llm-route',
    expr: answered.join('\nor\n'),
    forMs: 5 * MINUTE_MS,
    summary: `{{ $labels.${GEN_AI_LABEL.provider} }} answers for {{ $labels.service }}, not the provider that should`,
    description: `The last probe of {{ $labels.target }} was answered by {{ $labels.${GEN_AI_LABEL.provider} }} ({{ $value }} means: it was), another provider than the catalogue expects there.`,
    guidance: {
      meaning: `An application was asked along a route, and another provider answered than that route should lead to: ${routes
        .map(({ target, spec }) => `${target} should be answered by ${spec.expectProvider}`)
        .join('; ')}.`,
      impact:
        'Answers still come, with another quality and at another price. If the expected provider is the fallback, then fallback does not work and the next outage of the first is an outage for users.',
      checks: [
        'Do calls of the expected provider fail (LLMProviderError), or is it only slow?',
        'Was the routing of the application changed, or a key?',
        'How long can the provider that answers now carry the traffic (quota, budget)?',
      ],
      fix: 'Mend the expected provider (key, quota, address) or the switch of the application. Until then watch cost and limits of the one in use.',
    },
    shownOn: { dashboard: 'LLM Providers', panel: 'Answered by' },
  };
}

function budgetSpent(system: System): Draft {
  return {
    name: 'LlmBudgetSpent',
    severity: 'warning',
    objective: 'llm-budget',
    expr: `max ${BY_TARGET} (${selector(LLM_METRIC.budgetExhausted, [systemMatcher(system)])}) == 1`,
    forMs: 5 * MINUTE_MS,
    summary: 'The budget of paid probes of {{ $labels.target }} is spent for today',
    description:
      'Paid probes of {{ $labels.target }} have stopped until midnight UTC (spent: {{ $value }}): one more would exceed the budget. Free ones go on.',
    guidance: {
      meaning: `Paid probes of a language model of ${system.title} used up their tokens or dollars of the day.`,
      impact: 'Speed and quality of its answers are not watched until midnight UTC; whether it is reachable still is.',
      checks: [
        'Dashboard LLM Providers: did tokens per look grow (reasoning switched on, a longer answer)?',
        'Do failures cause faster looks, each of which costs?',
        'Do several probers or a load run share the key?',
      ],
      fix: 'Mend what costs more than before, or raise the budget in the catalogue if it was meant.',
    },
    consequences: ['ProbeUnknown'],
    shownOn: { dashboard: 'LLM Providers', panel: 'Budget of tokens left' },
  };
}
