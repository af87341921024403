import { PLAN_VARIABLE } from './lib/row.ts';

export { http } from './http.ts';
export { llm } from './llm.ts';
export { mcp, mcpLegacy } from './mcp.ts';

/** Leaves the whole summary as JSON for Node, which judges it; k6's own text stays out of the way. */
export function handleSummary(data: unknown): Record<string, string> {
  return { [__ENV[PLAN_VARIABLE.summary] ?? 'summary.json']: JSON.stringify(data) };
}
