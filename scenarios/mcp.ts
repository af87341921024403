import { send } from './lib/endpoint.ts';
import { callInSession } from './lib/mcp-session.ts';
import { measure, type ReadText } from './lib/measure.ts';
import { toolResultText } from './lib/tool-result.ts';

const textOf: ReadText = (response) => toolResultText(response.body ?? '');

/** One call of a tool in the protocol of 2026-07-28: a request that stands for itself. */
export function mcp(): void {
  measure(send, textOf);
}

/** One call of a tool in an older protocol, in a session of its own. */
export function mcpLegacy(): void {
  measure(callInSession, textOf);
}
