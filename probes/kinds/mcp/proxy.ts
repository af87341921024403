import type { McpCanary, McpProbeSpec } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import { expectContent, expectWithin } from './canary.ts';
import type { DialogueRun, McpPhase } from './dialogue.ts';
import { asObject, type Json, parseJson, statusFailure } from './json-rpc.ts';
import { judgeTools, type ListedTool } from './tools.ts';

export type ProxyRun = Omit<DialogueRun, 'versions' | 'nextId'> & { spec: McpProbeSpec };

/**
 * A proxy such as mcpo, in three levels, noted in `facts`: 1, the proxy answers; 2, it lists each server with its tools, as they were when
 * it started; 3, the canary answers, which alone shows that the server behind is there now.
 * @throws ProbeFailure
 */
export async function probeProxy(run: ProxyRun): Promise<void> {
  const { spec, facts, path } = run;
  const reach = (level: number) => {
    facts.mcp = { ...facts.mcp, level };
  };
  reach(0);
  const root = await describe(run, 'discover', `${path}/openapi.json`);
  reach(1);
  const tools: ListedTool[] = toolsOf(root);
  for (const server of serversOf(spec)) {
    const listed = toolsOf(await describe(run, 'list', `${path}/${encodeURIComponent(server)}/openapi.json`));
    const required = spec.tools.filter((tool) => tool.server === server);
    judgeTools(listed, { minTools: 0, tools: required, schemas: {}, canary: null }, facts);
    tools.push(...listed);
  }
  judgeTools(tools, spec, facts);
  reach(2);
  if (spec.canary === null) return;
  await call(run, spec.canary);
  reach(3);
}

function serversOf({ tools, canary }: McpProbeSpec): Set<string> {
  const named = [...tools.map(({ server }) => server), canary?.server ?? null];
  return new Set(named.filter((server) => server !== null));
}

async function describe(run: ProxyRun, phase: McpPhase, path: string): Promise<Json> {
  const { status, text } = await send(run, phase, 'GET', path, null);
  if (status === 404 && phase === 'list') throw new ProbeFailure('tools-missing', `the proxy has no ${path}`);
  if (status !== 200) throw statusFailure(path, status);
  const document = asObject(parseJson(text));
  if (typeof document?.openapi === 'string') return document;
  throw new ProbeFailure('protocol', `${path} is no OpenAPI document`);
}

async function call(run: ProxyRun, { server, tool, arguments: args, expect, withinMs }: McpCanary): Promise<void> {
  const segments = [...(server === null ? [] : [server]), tool].map(encodeURIComponent);
  const path = `${run.path}/${segments.join('/')}`;
  const { status, text } = await send(run, 'call', 'POST', path, JSON.stringify(args));
  if (status !== 200) throw callFailure(path, status, text);
  const value = parseJson(text);
  expectContent(expect, typeof value === 'string' ? value : text, text);
  expectWithin(tool, run.phases.call, withinMs);
}

/** How mcpo words the end of the session behind it, in the place of an error of the tool. */
const SESSION_LOST = /connection closed|session is not available|timed out/i;

/**
 * mcpo answers 422 for arguments that do not fit, and 500 for an error of the tool: with its message, or as mcpo 0.0.20 does, with the
 * message inside of an `error` that begins with the status. Another `error` is one of mcpo itself.
 */
function callFailure(path: string, status: number, text: string): ProbeFailure {
  const said = asObject(parseJson(text))?.detail;
  if (status === 422) return new ProbeFailure('misconfigured', `${path} refuses the arguments: ${brief(said)}`);
  if (status === 404) return new ProbeFailure('tools-missing', `the proxy has no ${path}`);
  const detail = asObject(said);
  const message = String(detail?.error ?? detail?.message ?? '');
  const isOfTool = message !== '' && (detail?.error === undefined || message.startsWith('500: {'));
  if (status === 500 && isOfTool && !SESSION_LOST.test(message)) {
    return new ProbeFailure('tool-error', `${path} answered: ${message.slice(0, 200)}`);
  }
  const failure = statusFailure(path, status);
  return message === '' ? failure : new ProbeFailure(failure.reason, `${failure.message}: ${message.slice(0, 200)}`);
}

function brief(said: unknown): string {
  return (typeof said === 'string' ? said : (JSON.stringify(said) ?? '')).slice(0, 200);
}

async function send(run: ProxyRun, phase: McpPhase, method: 'GET' | 'POST', path: string, body: string | null) {
  const chunks: Buffer[] = [];
  const content = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body ?? '')),
  };
  const headers = { ...run.headers, accept: 'application/json', ...(body === null ? {} : content) };
  const message = await run.wire.send(
    { method, path, headers, body },
    {
      deadline: run.deadline,
      onHead: ({ statusCode }) => {
        run.facts.status = statusCode ?? 0;
      },
      onData(chunk) {
        chunks.push(chunk);
        return undefined;
      },
      onEnd: (seconds) => {
        run.phases[phase] += seconds;
      },
    },
  );
  return { status: message.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

/** The tools that a document describes: each is a path with a POST. */
function toolsOf(document: Json): ListedTool[] {
  return Object.entries(asObject(document.paths) ?? {}).flatMap(([path, item]) => {
    const post = asObject(asObject(item)?.post);
    if (post === null) return [];
    const media = asObject(asObject(asObject(post.requestBody)?.content)?.['application/json']);
    return [{ name: decodeName(path), inputSchema: resolved(media?.schema, document) }];
  });
}

function decodeName(path: string): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path.slice(1);
  }
}

/** A document that has more behind one schema is left unresolved from there on. */
const MAX_NODES = 10_000;

/** A schema with its references into the document filled in, so that a change behind one is seen. One that leads back to itself stays. */
function resolved(
  schema: unknown,
  document: Json,
  open: readonly string[] = [],
  budget = { left: MAX_NODES },
): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolved(item, document, open, budget));
  const object = asObject(schema);
  if (object === null) return schema;
  budget.left -= 1;
  const { $ref: reference } = object;
  if (typeof reference === 'string') {
    if (budget.left < 0 || open.includes(reference)) return reference;
    const path = reference.replace(/^#\//, '').split('/');
    const target = path.reduce<unknown>((node, key) => asObject(node)?.[key], document);
    return resolved(target, document, [...open, reference], budget);
  }
  return Object.fromEntries(
    Object.entries(object).map(([key, child]) => [key, resolved(child, document, open, budget)]),
  );
}
