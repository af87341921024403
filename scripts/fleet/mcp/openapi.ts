import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpService } from '../../../thresholds/model.ts';
import { answer, errorAnswer, jsonAnswer, type ReadyAnswer } from '../http/answer.ts';
import type { RequestHandler } from '../http/http-service.ts';
import { isGone, isTooLarge, readBody, send } from '../http/respond.ts';
import { labelArguments } from '../metrics/arguments.ts';
import type { ServiceState } from '../service-state.ts';
import { openApiDocument } from './openapi-document.ts';
import type { Tool, Toolbox } from './toolbox.ts';

const NOT_FOUND = jsonAnswer(404, { detail: 'Not Found' });
const NOT_ALLOWED = jsonAnswer(405, { detail: 'Method Not Allowed' });

/** A proxy that offers tools as POST routes, one sub-application for each server, as mcpo does. */
export function openApiProxy(state: ServiceState<McpService>, toolbox: Toolbox): RequestHandler {
  const pages = new Map<string, ReadyAnswer>();
  for (const server of new Set([null, ...toolbox.tools.map((tool) => tool.server)])) {
    const prefix = server === null ? '' : `/${server}`;
    const tools = toolbox.tools.filter((tool) => tool.server === server);
    pages.set(`${prefix}/openapi.json`, jsonAnswer(200, openApiDocument(server ?? state.service.title, tools)));
    pages.set(`${prefix}/docs`, docsPage(server ?? state.service.title));
  }
  const byPath = new Map(
    toolbox.tools.map((tool) => [tool.server === null ? `/${tool.name}` : `/${tool.server}/${tool.name}`, tool]),
  );

  return (req, res) => {
    const path = req.url?.split('?', 1)[0] ?? '/';
    const page = pages.get(path);
    const tool = byPath.get(path);
    if (tool !== undefined && req.method === 'POST') {
      call(state, toolbox, tool, req, res).catch(() => res.destroy());
      return;
    }
    state.stats.other += 1;
    req.resume();
    const readable = req.method === 'GET' || req.method === 'HEAD';
    const refusal = page !== undefined || tool !== undefined ? NOT_ALLOWED : NOT_FOUND;
    answerPage(state, req, res, page !== undefined && readable ? page : refusal);
  };
}

function answerPage(state: ServiceState, req: IncomingMessage, res: ServerResponse, page: ReadyAnswer): void {
  const fate = state.fate();
  setTimeout(() => {
    if (isGone(res)) return;
    if (fate.kind === 'fail') send(req, res, errorAnswer(fate.status, 'the simulated proxy fails'));
    else send(req, res, fate.kind === 'wrong' ? jsonAnswer(200, { unexpected: true }) : page);
  }, state.effects.delayMs);
}

async function call(
  state: ServiceState<McpService>,
  toolbox: Toolbox,
  tool: Tool,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const text = isTooLarge(req) ? null : await readBody(req);
  const args = parseArguments(text ?? '');
  const runtime = toolbox.find(tool.name, tool.server, args ?? {});
  const reply = (): ReadyAnswer => {
    if (text === null) return errorAnswer(413, 'body too large', ['connection', 'close']);
    const invalid =
      args === null
        ? [missing([])]
        : tool.inputSchema.required.filter((name) => !(name in args)).map((name) => missing([name]));
    return invalid.length > 0 || args === null ? jsonAnswer(422, { detail: invalid }) : result(toolbox, tool, args);
  };
  if (runtime === undefined) {
    state.stats.other += 1;
    send(req, res, reply());
    return;
  }
  const handling = state.begin(runtime);
  const fate = state.fate();
  setTimeout(
    () => {
      if (isGone(res)) {
        handling.abandon();
        return;
      }
      const ready =
        fate.kind === 'fail'
          ? errorAnswer(fate.status, 'the simulated proxy fails')
          : fate.kind === 'wrong'
            ? jsonAnswer(200, { unexpected: true })
            : reply();
      send(req, res, ready);
      handling.finish(ready.status, labelArguments(runtime.known, args ?? {}));
    },
    state.latencyMs(runtime, fate),
  );
}

/** mcpo turns a tool's error into status 500, and its text into JSON where it is JSON. */
function result(toolbox: Toolbox, tool: Tool, args: Record<string, unknown>): ReadyAnswer {
  const { text, isError } = toolbox.run(tool.name, tool.server, args);
  if (isError) return jsonAnswer(500, { detail: { message: text } });
  try {
    return jsonAnswer(200, JSON.parse(text));
  } catch {
    return jsonAnswer(200, text);
  }
}

function parseArguments(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** An entry of FastAPI's validation errors. */
function missing(path: string[]) {
  const type = path.length === 0 ? 'json_invalid' : 'missing';
  return {
    type,
    loc: ['body', ...path],
    msg: path.length === 0 ? 'JSON object expected' : 'Field required',
    input: {},
  };
}

function docsPage(title: string): ReadyAnswer {
  const html = `<!DOCTYPE html><html><head><title>${title} - Swagger UI</title></head><body id="swagger-ui"></body></html>`;
  return answer(200, html, ['content-type', 'text/html; charset=utf-8']);
}
