import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, isInitializeRequest, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { McpService } from '../../../thresholds/model.ts';
import { jsonAnswer } from '../http/answer.ts';
import { send } from '../http/respond.ts';
import type { ServiceState } from '../service-state.ts';
import type { McpEndpoint } from './mcp-service.ts';
import type { Toolbox } from './toolbox.ts';

/** Clients that never end their sessions must not fill the memory: the oldest session goes. */
const MAX_SESSIONS = 1_000;

const NO_SESSION = jsonAnswer(400, {
  jsonrpc: '2.0',
  error: { code: -32_000, message: 'Bad Request: No valid session ID provided' },
  id: null,
});
const SESSION_NOT_FOUND = jsonAnswer(404, {
  jsonrpc: '2.0',
  error: { code: -32_001, message: 'Session not found' },
  id: null,
});

/** A server of the protocols up to 2025-11-25, with sessions. It knows nothing of the later one. */
export function legacyServer(state: ServiceState<McpService>, toolbox: Toolbox): McpEndpoint {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const forget = (id: string) => {
    sessions.delete(id);
    state.stats.sessions = sessions.size;
  };

  async function open(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized(id) {
        sessions.set(id, transport);
        state.stats.sessions = sessions.size;
        const [oldest] = sessions;
        if (sessions.size > MAX_SESSIONS && oldest !== undefined) void oldest[1].close();
      },
    });
    transport.onclose = () => forget(transport.sessionId ?? '');
    // The SDK's own types disagree under exactOptionalPropertyTypes: `onclose?` against `onclose: ... | undefined`.
    await createServer(state, toolbox).connect(transport as Parameters<Server['connect']>[0]);
    return transport;
  }

  return {
    async handle(req, res, body) {
      const id = req.headers['mcp-session-id'];
      const session = typeof id === 'string' ? sessions.get(id) : undefined;
      if (session !== undefined) await session.handleRequest(req, res, body);
      else if (id !== undefined) send(req, res, SESSION_NOT_FOUND);
      else if (isInitializeRequest(body)) await (await open()).handleRequest(req, res, body);
      else send(req, res, NO_SESSION);
    },
  };
}

function createServer(state: ServiceState<McpService>, toolbox: Toolbox): Server {
  const server = new Server({ name: state.service.id, version: '1.0.0' }, { capabilities: { tools: {} } });
  const tools = toolbox.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const { text, isError } = toolbox.run(params.name, null, params.arguments ?? {});
    return { content: [{ type: 'text', text }], isError };
  });
  return server;
}
