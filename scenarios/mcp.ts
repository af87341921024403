import { send } from './lib/endpoint.ts';
import { callInSession } from './lib/mcp-session.ts';
import { measure } from './lib/measure.ts';
import { toolResultText } from './lib/tool-result.ts';

/** One call of a tool in the protocol of 2026-07-28: a request that stands for itself. */
export function mcp(): void {
  measure(send, toolResultText);
}

/** One call of a tool in an older protocol, in a session of its own. */
export function mcpLegacy(): void {
  measure(callInSession, toolResultText);
}
