import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { serve } from '../../support.ts';

/** What is answered to one message. A string body is sent as it is. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Result of JSON-RPC. */
  result?: unknown;
  error?: { code: number; message?: string; data?: unknown };
  body?: string;
  /** Pieces of an event stream; `$id` stands for the id of the request. */
  sse?: string[];
  /** The stream is not ended. */
  endless?: boolean;
  /** Never answered. */
  silent?: boolean;
  delayMs?: number;
}

export interface Seen {
  http: string;
  /** Method of JSON-RPC, or DELETE. */
  method: string;
  headers: IncomingMessage['headers'];
  params: Record<string, unknown>;
}

/** Replies by method of JSON-RPC, `DELETE` among them; a list is used up one after the other, its last one stays. */
export type Script = Record<string, Reply | Reply[]>;

/** What results that may be cached must tell, in the later protocol. */
const FRESH = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

export const MODERN: Script = {
  'server/discover': {
    result: {
      ...FRESH,
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'scripted', version: '1' } },
    },
  },
  'tools/list': { result: { ...FRESH, tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } },
  'tools/call': { result: { resultType: 'complete', content: [{ type: 'text', text: 'hello' }] } },
};

export const LEGACY: Script = {
  'server/discover': { status: 400 },
  initialize: {
    headers: { 'mcp-session-id': 's1' },
    result: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'scripted', version: '1' },
    },
  },
  'notifications/initialized': { status: 202, body: '' },
  'tools/list': { result: { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } },
  'tools/call': { result: { content: [{ type: 'text', text: 'hello' }] } },
  ping: { result: {} },
  DELETE: { status: 200, body: '' },
};

/** A server that answers as its script says, and keeps what it was sent. */
export async function scripted(script: Script) {
  const seen: Seen[] = [];
  const used = new Map<string, number>();
  let connections = 0;
  const answer = (req: IncomingMessage, res: ServerResponse, text: string) => {
    const message = text === '' ? {} : JSON.parse(text);
    const method = req.method === 'POST' ? String(message.method) : String(req.method);
    seen.push({ http: String(req.method), method, headers: req.headers, params: message.params ?? {} });
    const replies = [script[method] ?? { status: 404 }].flat();
    const turn = used.get(method) ?? 0;
    used.set(method, turn + 1);
    const reply = replies[Math.min(turn, replies.length - 1)] ?? {};
    if (!reply.silent) setTimeout(() => send(res, reply, message.id), reply.delayMs ?? 0);
  };
  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    req.on('end', () => answer(req, res, text));
  });
  server.on('connection', () => {
    connections += 1;
  });
  const { port, [Symbol.asyncDispose]: dispose } = await serve(server);
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    methods: () => seen.map(({ method }) => method),
    connections: () => connections,
    server,
    [Symbol.asyncDispose]: dispose,
  };
}

function send(res: ServerResponse, reply: Reply, id: unknown): void {
  const { status = 200, headers = {}, result, error, body, sse } = reply;
  if (sse !== undefined) {
    res.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    for (const piece of sse) res.write(piece.replaceAll('$id', String(id)));
    if (!reply.endless) res.end();
    return;
  }
  const message =
    result === undefined && error === undefined ? '' : JSON.stringify({ jsonrpc: '2.0', id, result, error });
  const type = message === '' ? {} : { 'content-type': 'application/json' };
  res.writeHead(status, { ...type, ...headers }).end(body ?? message);
}
