import type { LlmReachabilitySpec } from '../../../thresholds/model.ts';
import type { ProbeContext } from '../../context.ts';
import type { Probe } from '../../kind.ts';
import { OWN_REASONS, type ProbeResult } from '../../result.ts';
import type { ProbeTarget } from '../../target.ts';
import { httpKind } from '../http/kind.ts';
import { openLedger } from './budget.ts';
import { refusalReason } from './refusal.ts';

/** What costs nothing: an http probe whose refusals are read as those of a provider. Tells what the paid probe beside it has spent. */
export function reachabilityProbe(context: ProbeContext, target: ProbeTarget<LlmReachabilitySpec>): Probe {
  const { system, service, spec } = target;
  const probe = httpKind.create(context, { ...target, spec: spec.request });
  // It spends nothing: prices are of no use to it.
  const ledger = spec.budget === null ? null : openLedger(`${system}/${service}`, spec.budget, null, context);
  return {
    async run(options) {
      const result = classified(await probe.run(options));
      if (ledger === null) return result;
      return { ...result, facts: { ...result.facts, llm: { budget: ledger.facts() } } };
    },
    close: () => probe.close?.(),
  };
}

function classified(result: ProbeResult): ProbeResult {
  if (result.reason !== 'status') return result;
  const reason = refusalReason(result.facts.status ?? 0, '');
  return { ...result, reason, outcome: OWN_REASONS.has(reason) ? 'unknown' : 'failure' };
}
