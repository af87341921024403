import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpService } from '../../../thresholds/model.ts';
import { errorAnswer, jsonAnswer } from '../http/answer.ts';
import type { RequestHandler } from '../http/http-service.ts';
import { isGone, isTooLarge, readBody, send } from '../http/respond.ts';
import { jsonObject, labelArguments } from '../metrics/arguments.ts';
import type { Fate, ServiceState } from '../service-state.ts';
import { legacyServer } from './legacy.ts';
import { modernServer } from './modern.ts';
import { openApiProxy } from './openapi.ts';
import { Toolbox } from './toolbox.ts';

/** A protocol implementation behind one path. */
export interface McpEndpoint {
  handle(req: IncomingMessage, res: ServerResponse, body: unknown): Promise<void>;
}

/** A server of MCP tools, by the official SDK of its era, or behind an OpenAPI proxy. */
export function mcpService(state: ServiceState<McpService>): RequestHandler {
  const toolbox = new Toolbox(state);
  const { transport, era, path } = state.service.mcp;
  if (transport === 'openapi') return openApiProxy(state, toolbox);
  const server = era === 'legacy' ? legacyServer(state, toolbox) : modernServer(state, toolbox);
  return (req, res) => {
    if (req.url?.split('?', 1)[0] !== path) {
      state.stats.other += 1;
      req.resume();
      send(req, res, errorAnswer(404, 'not found'));
      return;
    }
    serve(state, toolbox, server, req, res).catch(() => res.destroy());
  };
}

async function serve(
  state: ServiceState<McpService>,
  toolbox: Toolbox,
  server: McpEndpoint,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const text = isTooLarge(req) ? null : await readBody(req);
  if (text === null) {
    send(req, res, errorAnswer(413, 'body too large', ['connection', 'close']));
    return;
  }
  const message = jsonObject(text) as { method?: unknown; params?: { name?: string; arguments?: object } };
  const args = { ...message.params?.arguments };
  const runtime = message.method === 'tools/call' ? toolbox.find(message.params?.name ?? '', null, args) : undefined;
  const fate = state.fate();
  if (runtime === undefined) {
    state.stats.other += 1;
    await sleep(state.effects.delayMs);
    await answer(server, fate, req, res, text);
    return;
  }
  const handling = state.begin(runtime);
  try {
    await sleep(state.latencyMs(runtime, fate));
    if (isGone(res)) return;
    await answer(server, fate, req, res, text);
    handling.finish(res.statusCode, labelArguments(runtime.known, args));
  } finally {
    handling.abandon();
  }
}

async function answer(
  server: McpEndpoint,
  fate: Fate,
  req: IncomingMessage,
  res: ServerResponse,
  text: string,
): Promise<void> {
  if (isGone(res)) return;
  if (fate.kind === 'fail') send(req, res, errorAnswer(fate.status, 'the simulated server fails'));
  else if (fate.kind === 'wrong') send(req, res, jsonAnswer(200, { unexpected: true }));
  else await server.handle(req, res, parsed(text));
}

/** Undefined lets the SDK answer for a request without a body; a body that is no JSON reaches it as it is, and is refused. */
function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
