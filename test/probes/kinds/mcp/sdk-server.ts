import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Server as LegacyServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import { serve } from '../../support.ts';

/** The one tool of these servers: it says what it is given, and has a header for it in the later protocol. */
export const ECHO = {
  name: 'écho',
  description: 'Says what it is given.',
  inputSchema: {
    type: 'object' as const,
    properties: { text: { type: 'string', 'x-mcp-header': 'Text' } },
    required: ['text'],
  },
};

/** A server of the older protocol by the official SDK, with its sessions counted. Delays come after the session exists. */
export async function legacySdkServer({
  json = false,
  delayMs = () => 0,
}: {
  json?: boolean;
  delayMs?: () => number;
} = {}) {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  let opened = 0;
  const open = async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: json,
      async onsessioninitialized(id) {
        opened += 1;
        sessions.set(id, transport);
        await delay(delayMs());
      },
    });
    transport.onclose = () => void sessions.delete(transport.sessionId ?? '');
    const server = new LegacyServer({ name: 'sdk', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, async () => {
      await delay(delayMs());
      return { tools: [ECHO] };
    });
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      await delay(delayMs());
      return { content: [{ type: 'text', text: String(params.arguments?.text) }] };
    });
    await server.connect(transport as Parameters<LegacyServer['connect']>[0]);
    return transport;
  };
  const http = createServer(async (req, res) => {
    const id = req.headers['mcp-session-id'];
    const session = typeof id === 'string' ? sessions.get(id) : undefined;
    if (id !== undefined && session === undefined) return void res.writeHead(404).end();
    await (session ?? (await open())).handleRequest(req, res, req.method === 'POST' ? await read(req) : undefined);
  });
  const { port, [Symbol.asyncDispose]: dispose } = await serve(http);
  return { url: `http://127.0.0.1:${port}`, sessions, opened: () => opened, [Symbol.asyncDispose]: dispose };
}

/** A server of the later protocol by the official SDK. */
export async function modernSdkServer() {
  const handler = createMcpHandler(
    () => {
      const server = new Server({ name: 'sdk', version: '1' }, { capabilities: { tools: {} } });
      server.setRequestHandler('tools/list', () => ({ tools: [ECHO] }));
      server.setRequestHandler('tools/call', ({ params }) => ({
        content: [{ type: 'text', text: String(params.arguments?.text) }],
      }));
      return server;
    },
    { legacy: 'reject' },
  );
  const handle = toNodeHandler(handler);
  const http = createServer(async (req, res) => {
    await handle(req as Parameters<typeof handle>[0], res, await read(req));
  });
  const { port, [Symbol.asyncDispose]: dispose } = await serve(http);
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: dispose };
}

async function read(req: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}
