import { unexpectedText } from '../http/answer.ts';
import { type FaultDefinition, onlyKinds, shareOf } from './fault.ts';

/** A share of the requests gets the expected status with content that is not as expected. */
export const wrongBody: FaultDefinition = {
  refusal(service) {
    if (service.kind !== 'http') return onlyKinds(service, 'llm', 'mcp', 'exporter', 'http');
    const wrongable = service.endpoints.some((endpoint) => unexpectedText(endpoint) !== null);
    return wrongable ? null : 'no endpoint of the service expects anything of the body: every body is right';
  },
  apply: (effects, fault) => ({ ...effects, wrongBodyShare: Math.max(effects.wrongBodyShare, shareOf(fault)) }),
};
