import type { LlmGenerationSpec, LlmRouteSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import type { Probe } from '../../kind.ts';
import type { ProbeReason, ProbeResult } from '../../result.ts';
import type { ProbeTarget } from '../../target.ts';
import { type Ledger, openLedger } from './budget.ts';
import type { TokenUsage } from './facts.ts';

/** What one paid look came to. */
export interface PaidLook {
  result: ProbeResult;
  /** Tokens used; null when nothing is charged; undefined when nobody knows, so that the estimate stands. */
  usage: TokenUsage | null | undefined;
  /** Time that the target asks to be left alone. */
  retryAfterMs: number;
}

/**
 * A probe that costs money. A look that the budget does not allow takes no place and is unknown; one that comes before the time that the target
 * asked to wait fails as rate-limited, without asking again.
 */
export function paidProbe<Spec extends LlmGenerationSpec | LlmRouteSpec>(
  { clock, state }: Pick<ProbeContext, 'clock' | 'state'>,
  { system, service, spec }: ProbeTarget<Spec>,
  phases: Readonly<Record<string, number>>,
  look: (options: ProbeOptions) => Promise<PaidLook>,
): Probe {
  const ledger = openLedger(`${system}/${service}`, spec.budget, spec.usdPerMillionTokens, { clock, state });
  const untouched = (outcome: 'failure' | 'unknown', reason: ProbeReason, detail: string): ProbeResult => ({
    outcome,
    reason,
    detail,
    durationSeconds: 0,
    degraded: false,
    phases: { ...phases, other: 0 },
    facts: { llm: { budget: ledger.facts() } },
  });
  let waitUntilMs = 0;
  return {
    async run(options) {
      const leftMs = waitUntilMs - clock.monotonicMs();
      if (leftMs > 0) {
        const left = Math.ceil(leftMs / 1_000);
        return untouched(
          'failure',
          'rate-limited',
          `the target asked to wait another ${left} s: it was not asked again`,
        );
      }
      const reservation = await ledger.reserve();
      options.signal.throwIfAborted();
      if (reservation === null) return untouched('unknown', 'budget-spent', spentDetail(ledger));
      const { result, usage, retryAfterMs } = await look(options);
      if (usage !== undefined) reservation.settle(usage);
      // A target may ask to wait for long; the catalogue's own schedule is the most.
      waitUntilMs = clock.monotonicMs() + Math.min(retryAfterMs, spec.intervalMs);
      return { ...result, facts: { ...result.facts, llm: { ...result.facts.llm, budget: ledger.facts() } } };
    },
  };
}

function spentDetail(ledger: Ledger): string {
  const { usedTokens, limitTokens, usedUsd, limitUsd } = ledger.facts();
  const money = limitUsd === null ? '' : ` and ${usedUsd.toFixed(4)} of ${limitUsd} USD`;
  return `${usedTokens} of ${limitTokens} tokens${money} used today (UTC): one more look would exceed it`;
}
