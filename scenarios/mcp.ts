import { plainRequest } from './lib/endpoint.ts';
import { callInSession } from './lib/mcp-session.ts';
import { scenario } from './lib/measure.ts';
import { toolResultText } from './lib/tool-result.ts';

/** One call of a tool in the protocol of 2026-07-28: a request that stands for itself. */
export const mcp = scenario(plainRequest, toolResultText);

/** One call of a tool in an older protocol, in a session of its own. */
export const mcpLegacy = scenario(callInSession, toolResultText);
