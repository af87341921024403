import type { McpService, ToolEndpoint } from '../../../thresholds/model.ts';
import { jsonObject } from '../metrics/arguments.ts';
import type { Post, Sent } from './send.ts';

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const CLIENT = { name: 'firedrill', version: '1.0.0' };
const TYPES = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** Calls a tool in the protocol of its server. The text of the answer is the text of the tool's result. */
export async function callTool(post: Post, mcp: McpService['mcp'], endpoint: ToolEndpoint): Promise<Sent> {
  if (mcp.transport === 'openapi') return await callByProxy(post, endpoint);
  return mcp.era === 'modern' ? await callModern(post, mcp.path, endpoint) : await callLegacy(post, mcp.path, endpoint);
}

function callByProxy(post: Post, { server, tool, arguments: args }: ToolEndpoint): Promise<Sent> {
  const path = server === null ? `/${tool}` : `/${server}/${tool}`;
  return post(path, { method: 'POST', headers: TYPES, body: JSON.stringify(args) });
}

async function callModern(post: Post, path: string, { tool, arguments: args }: ToolEndpoint): Promise<Sent> {
  const headers = { ...TYPES, 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': tool };
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': CLIENT,
  };
  const params = { name: tool, arguments: args, _meta: meta };
  return toolText(await post(path, { method: 'POST', headers, body: message(1, 'tools/call', params) }));
}

/** A whole session, ended properly: a server keeps what nobody ends. */
async function callLegacy(post: Post, path: string, { tool, arguments: args }: ToolEndpoint): Promise<Sent> {
  const hello = { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT };
  const opened = await post(path, { method: 'POST', headers: TYPES, body: message(0, 'initialize', hello) });
  const id = opened.headers['mcp-session-id'];
  if (opened.status !== 200 || id === undefined)
    return { ...opened, status: opened.status === 200 ? 502 : opened.status };
  const headers = { ...TYPES, 'mcp-session-id': id, 'mcp-protocol-version': LEGACY };
  try {
    await post(path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    });
    return toolText(
      await post(path, { method: 'POST', headers, body: message(1, 'tools/call', { name: tool, arguments: args }) }),
    );
  } finally {
    await post(path, { method: 'DELETE', headers, body: null });
  }
}

function message(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** Answers come as JSON or as one event of a stream. */
function toolText(sent: Sent): Sent {
  const data = /^data: (.+)$/m.exec(sent.text)?.[1] ?? sent.text;
  const { result } = jsonObject(data) as { result?: { isError?: boolean; content?: { text?: string }[] } };
  const failed = result === undefined || result.isError === true;
  return { ...sent, status: sent.status === 200 && failed ? 502 : sent.status, text: result?.content?.[0]?.text ?? '' };
}
