import type { LlmBudget, TokenPrices } from '../../../thresholds/model.ts';
import type { Clock } from '../../clock.ts';
import type { Json, StateStore } from '../../state/store.ts';
import type { BudgetFacts, TokenUsage } from './facts.ts';

/** What was spent. */
interface Spending {
  tokens: number;
  usd: number;
}

/** The spending of one service's paid looks, day by day (UTC). */
export interface Ledger {
  facts(): BudgetFacts;
  /** Books the estimate of one look before it takes place, so that a crash forgets nothing; null when the budget does not allow it. */
  reserve(): Promise<Reservation | null>;
}

export interface Reservation {
  /** Books what was used instead: null for nothing that is charged. Without a call the estimate stands. */
  settle(usage: TokenUsage | null): void;
}

/** A ledger over the state under this name; several probes of a service share one. */
export function openLedger(
  name: string,
  budget: LlmBudget,
  prices: TokenPrices | null,
  { clock, state }: { clock: Pick<Clock, 'now'>; state: StateStore },
): Ledger {
  const key = `llm-budget ${name}`;
  const today = () => new Date(clock.now()).toISOString().slice(0, 10);
  const spent = () => readSpending(state.get(key), today());
  const add = ({ tokens, usd }: Spending) => {
    const before = spent();
    state.set(key, { day: today(), tokens: before.tokens + tokens, usd: before.usd + usd });
  };
  const exhausted = ({ tokens, usd }: Spending) =>
    tokens + budget.estimate.tokens > budget.tokensPerDay ||
    (budget.usdPerDay !== null && usd + budget.estimate.usd > budget.usdPerDay);

  return {
    facts() {
      const used = spent();
      return {
        usedTokens: used.tokens,
        limitTokens: budget.tokensPerDay,
        usedUsd: used.usd,
        limitUsd: budget.usdPerDay,
        exhausted: exhausted(used),
      };
    },
    async reserve() {
      if (exhausted(spent())) return null;
      const { tokens, usd } = budget.estimate;
      const day = today();
      add(budget.estimate);
      await state.flush();
      return {
        settle(usage) {
          // A look over midnight stays booked, as estimated, on the day on which it began.
          if (today() !== day) return;
          add({ tokens: tokensOf(usage) - tokens, usd: usdOf(usage, prices) - usd });
        },
      };
    },
  };
}

function tokensOf(usage: TokenUsage | null): number {
  return usage === null ? 0 : usage.input + usage.output;
}

function usdOf(usage: TokenUsage | null, prices: TokenPrices | null): number {
  if (usage === null || prices === null) return 0;
  return (usage.input * prices.input + usage.output * prices.output) / 1e6;
}

function readSpending(stored: Json | undefined, day: string): Spending {
  const { day: storedDay, tokens, usd } = (stored ?? {}) as { day?: Json; tokens?: Json; usd?: Json };
  if (storedDay !== day || typeof tokens !== 'number' || typeof usd !== 'number') return { tokens: 0, usd: 0 };
  return { tokens, usd };
}
