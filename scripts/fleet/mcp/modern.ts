import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import type { McpService } from '../../../thresholds/model.ts';
import type { ServiceState } from '../service-state.ts';
import type { McpEndpoint } from './mcp-service.ts';
import type { Toolbox } from './toolbox.ts';

/** A server of the protocol of 2026-07-28. It has no sessions; a client of the older protocol is served without one. */
export function modernServer(state: ServiceState<McpService>, toolbox: Toolbox): McpEndpoint {
  const handler = createMcpHandler(() => {
    const info = { name: state.service.id, version: '1.0.0' };
    const server = new Server(info, { capabilities: { tools: {} } });
    const tools = toolbox.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    server.setRequestHandler('tools/list', () => ({ tools }));
    server.setRequestHandler('tools/call', ({ params }) => {
      const { text, isError } = toolbox.run(params.name, null, params.arguments ?? {});
      return { content: [{ type: 'text', text }], isError };
    });
    return server;
  });
  const handle = toNodeHandler(handler);
  return { handle: (req, res, body) => handle(req as Parameters<typeof handle>[0], res, body) };
}
