import type { ScenarioRow } from '../../scenarios/lib/row.ts';
import type { McpService, ToolEndpoint } from '../../thresholds/model.ts';

/** The protocol revision without sessions. */
const MODERN_PROTOCOL = '2026-07-28';
const BOTH_FORMS = 'application/json, text/event-stream';

/** The request that calls a tool: JSON-RPC over streamable HTTP, or a plain POST to an OpenAPI proxy such as mcpo. */
export function toolCall(
  { mcp }: McpService,
  endpoint: ToolEndpoint,
  base: string,
): Pick<ScenarioRow, 'method' | 'urls' | 'headers' | 'body' | 'answerText'> {
  const { tool, server } = endpoint;
  const json = { 'Content-Type': 'application/json' };
  if (mcp.transport === 'openapi') {
    const path = [server, tool].filter((part) => part !== null).map(encodeURIComponent);
    const body = JSON.stringify(endpoint.arguments);
    return { method: 'POST', urls: [`${base}/${path.join('/')}`], headers: json, body, answerText: 'body' };
  }
  const modern = mcp.era === 'modern';
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool, arguments: endpoint.arguments, ...(modern ? { _meta: modernMeta() } : {}) },
  };
  const modernHeaders = {
    'MCP-Protocol-Version': MODERN_PROTOCOL,
    'Mcp-Method': 'tools/call',
    'Mcp-Name': tool,
  };
  return {
    method: 'POST',
    urls: [base + mcp.path],
    headers: { ...json, Accept: BOTH_FORMS, ...(modern ? modernHeaders : {}) },
    body: JSON.stringify(body),
    answerText: 'json-rpc',
  };
}

/** What every request of the modern era says of its sender, since there is no handshake. */
function modernMeta(): Record<string, unknown> {
  return {
    'io.modelcontextprotocol/protocolVersion': MODERN_PROTOCOL,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'firedrill', version: '1' },
  };
}
