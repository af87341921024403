import type { LlmGenerationSpec, LlmProbeSpec, LlmReachabilitySpec, LlmRouteSpec } from '../../../thresholds/model.ts';
import type { ProbeKind } from '../../kind.ts';
import type { ProbeTarget } from '../../target.ts';
import { generationProbe } from './generation.ts';
import { reachabilityProbe } from './reachability.ts';
import { routeProbe } from './route.ts';
import { llmLayout } from './series.ts';

/** A language model: reachable for free, a streamed completion for money, or an application's fallback to its second provider. */
export const llmKind: ProbeKind<LlmProbeSpec> = {
  create(context, target) {
    switch (target.spec.tier) {
      case 'reachability':
        return reachabilityProbe(context, target as ProbeTarget<LlmReachabilitySpec>);
      case 'generation':
        return generationProbe(context, target as ProbeTarget<LlmGenerationSpec>);
      case 'route':
        return routeProbe(context, target as ProbeTarget<LlmRouteSpec>);
    }
  },
  addressProblem: ({ protocol }) =>
    protocol === 'http:' || protocol === 'https:' ? undefined : 'but its llm probe needs http:// or https://',
  layout: llmLayout,
};
