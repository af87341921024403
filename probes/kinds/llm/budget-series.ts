import type { LlmBudget } from '../../../thresholds/model.ts';
import { LLM_METRIC } from '../../../thresholds/names.ts';
import { type Family, gauge, type SeriesDef } from '../../metrics/series.ts';
import type { BudgetFacts } from './facts.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const USED_TOKENS = family(LLM_METRIC.budgetUsedTokens, 'Tokens used by paid probes of the service today (UTC).');
const LIMIT_TOKENS = family(LLM_METRIC.budgetLimitTokens, 'Tokens that they may use in a day.');
const LEFT_TOKENS = family(LLM_METRIC.budgetRemainingTokens, 'Tokens left today.');
const USED_USD = family(LLM_METRIC.budgetUsedUsd, 'Dollars spent by paid probes of the service today (UTC).');
const LIMIT_USD = family(LLM_METRIC.budgetLimitUsd, 'Dollars that they may spend in a day.');
const LEFT_USD = family(LLM_METRIC.budgetRemainingUsd, 'Dollars left today.');
const EXHAUSTED = family(
  LLM_METRIC.budgetExhausted,
  'Whether paid probes have stopped for the day: one more would exceed the budget.',
);

/** The spending of a service. It is known whatever became of the run, so unknown runs move it too. */
export function budgetSeries({ usdPerDay }: LlmBudget, labels: Record<string, string>): SeriesDef[] {
  const known = (of: Family, read: (budget: BudgetFacts) => number): SeriesDef => ({
    ...gauge(of, ({ result }) => (result.facts.llm?.budget ? read(result.facts.llm.budget) : undefined), labels),
    countsUnknown: true,
  });
  return [
    known(USED_TOKENS, ({ usedTokens }) => usedTokens),
    known(LIMIT_TOKENS, ({ limitTokens }) => limitTokens),
    known(LEFT_TOKENS, ({ usedTokens, limitTokens }) => Math.max(0, limitTokens - usedTokens)),
    known(EXHAUSTED, ({ exhausted }) => (exhausted ? 1 : 0)),
    ...(usdPerDay === null
      ? []
      : [
          known(USED_USD, ({ usedUsd }) => usedUsd),
          known(LIMIT_USD, () => usdPerDay),
          known(LEFT_USD, ({ usedUsd }) => Math.max(0, usdPerDay - usedUsd)),
        ]),
  ];
}
