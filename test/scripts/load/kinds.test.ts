import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { catalogueOf, httpEndpoint, httpService, llmService, mcpService } from './catalogue.ts';
import { load, rowOf, startServer } from './helpers.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

type Respond = (seen: Seen, response: ServerResponse) => void;

/** A server that keeps what it was asked. */
async function recordingServer(respond: Respond): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await startServer(async (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(request, 'end');
    const { method, url: path, headers } = request;
    const one = { method, url: path, headers, body: text === '' ? {} : JSON.parse(text) };
    seen.push(one);
    respond(one, response);
  });
  return { url, seen };
}

const json = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const toolResult = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: '{"hour":12}' }] } };

describe('a load run on MCP', () => {
  it('calls the tool in one request in the modern era, and reads an event stream', async () => {
    const { url, seen } = await recordingServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`event: message\ndata: ${JSON.stringify(toolResult)}\n\n`);
    });
    const service = mcpService({});
    const [endpoint] = service.endpoints;
    const expectNoon = { status: [200], json: { '$.hour': 12 }, text: null, headers: {} };
    const endpoints = endpoint === undefined ? [] : [{ ...endpoint, expect: expectNoon }];
    const result = await load({ url, catalogue: catalogueOf(mcpService({}, { endpoints })) });
    expect(result.rows.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
    expect(result.requests).toBe(21);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/mcp',
      headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'now' },
      body: {
        method: 'tools/call',
        params: {
          name: 'now',
          arguments: { zone: 'UTC' },
          _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
        },
      },
    });
  });

  it('fails when the tool reports errors, though HTTP says 200', async () => {
    const { url } = await recordingServer((_, response) =>
      json(response, { result: { isError: true, content: [{ type: 'text', text: 'no such zone' }] } }),
    );
    const result = await load({ url, catalogue: catalogueOf(mcpService({})) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail', measured: 0 });
    expect(rowOf(result, 'success')?.reason).toContain('first: the tool says: no such zone');
    expect(rowOf(result, 'p50')).toMatchObject({ outcome: 'pass' });
  });

  it('opens and deletes a session for each call in the legacy era, and samples only the calls', async () => {
    let sessions = 0;
    const { url, seen } = await recordingServer(({ method, body }, response) => {
      if (method === 'DELETE') return response.writeHead(204).end();
      if (body.method === 'notifications/initialized') return response.writeHead(202).end();
      if (body.method !== 'initialize') return json(response, toolResult);
      sessions += 1;
      const answer = { jsonrpc: '2.0', id: 0, result: { protocolVersion: '2025-06-18', capabilities: {} } };
      return json(response, answer, { 'mcp-session-id': `s${sessions}` });
    });
    const result = await load({ url, catalogue: catalogueOf(mcpService({ era: 'legacy' })) });
    expect(result.rows.map(({ outcome, samples }) => `${outcome} ${samples}`)).toEqual(['pass 21', 'pass 21']);
    expect(result).toMatchObject({ requests: 84, problems: [] });
    expect(
      seen
        .filter(({ method }) => method === 'DELETE')
        .map(({ headers }) => headers['mcp-session-id'])
        .sort(),
    ).toEqual(Array.from({ length: 21 }, (_, index) => `s${index + 1}`).sort());
    const call = seen.find(({ body }) => body.method === 'tools/call');
    expect(call?.headers).toMatchObject({ 'mcp-protocol-version': '2025-06-18' });
    expect(call?.body.params).not.toHaveProperty('_meta');
  });

  it('fails a legacy server that opens no session: it was asked and did not answer', async () => {
    const { url } = await recordingServer((_, response) => response.writeHead(500).end());
    const result = await load({ url, catalogue: catalogueOf(mcpService({ era: 'legacy' })) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail', samples: 21 });
    expect(rowOf(result, 'success')?.reason).toContain('the session could not be opened');
    expect(result.problems).toEqual([]);
  });

  it('keeps a budget in requests, handshake included', async () => {
    const { url, seen } = await recordingServer((_, response) => json(response, toolResult));
    await load({ url, catalogue: catalogueOf(mcpService({ era: 'legacy' }, { requestBudget: 9 })) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThanOrEqual(9);
  });

  it('posts to the route of the tool behind an OpenAPI proxy', async () => {
    const { url, seen } = await recordingServer((_, response) => json(response, { hour: 12 }));
    const service = mcpService({ transport: 'openapi' });
    const endpoints = service.endpoints.map((endpoint) => ({ ...endpoint, server: 'time' }));
    const result = await load({ url, catalogue: catalogueOf({ ...service, endpoints }) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'pass', endpoint: 'now' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/time/now', body: { zone: 'UTC' } });
  });
});

describe('a load run on language models', () => {
  it('asks an OpenAI-compatible provider for a whole completion', async () => {
    const { url, seen } = await recordingServer((_, response) =>
      json(response, { choices: [{ message: { content: 'ok' } }] }),
    );
    const result = await load({ url, catalogue: catalogueOf(llmService('openai')) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'pass', provider: 'model' });
    expect(rowOf(result, 'success')).not.toHaveProperty('endpoint');
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm-1', max_tokens: 16, messages: [{ role: 'user', content: 'Say ok' }] },
    });
  });

  it('asks Gemini for a whole completion, with its key in a header of its own', async () => {
    const { url, seen } = await recordingServer((_, response) =>
      json(response, { candidates: [{ content: { parts: [{ text: 'ok' }] } }] }),
    );
    const auth = { kind: 'header' as const, name: 'x-goog-api-key', value: { variable: 'GEMINI_API_KEY' } };
    const env = { GEMINI_API_KEY: 'k' };
    const result = await load({ url, env, catalogue: catalogueOf(llmService('gemini', { auth })) });
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'pass' });
    expect(seen[0]).toMatchObject({ url: '/v1/models/m-1:generateContent', headers: { 'x-goog-api-key': 'k' } });
  });

  it('fails a provider whose completions are empty', async () => {
    const { url } = await recordingServer((_, response) => json(response, { choices: [] }));
    const result = await load({ url, catalogue: catalogueOf(llmService('openai')) });
    expect(rowOf(result, 'success')?.reason).toContain('first: the completion holds no text');
  });
});

describe('a load run on TLS', () => {
  it('fails a server that plain HTTP answers in place of TLS', async () => {
    const server = createServer((_, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const result = await load({ url, catalogue: catalogueOf(httpService({ endpoints: [httpEndpoint()] })) });
    server.close();
    expect(rowOf(result, 'success')).toMatchObject({ outcome: 'fail', measured: 0 });
  });
});

describe('a breakpoint run', () => {
  it('climbs until the promise breaks, and names the highest rate that held', async () => {
    let open = 0;
    const url = await startServer((_, response) => {
      open += 1;
      // Slower with each request that is open at the same time: it breaks at some rate.
      setTimeout(
        () => {
          open -= 1;
          response.end('{}');
        },
        open > 3 ? 450 : 60,
      );
    });
    const result = await load({
      url,
      profile: 'breakpoint',
      options: { durationMs: 12_000 },
      catalogue: catalogueOf(httpService({ requestsPerSecond: 10 })),
    });
    expect(result.rows.map(({ objective }) => objective)).toEqual(['p50', 'success', 'reached requests per second']);
    const reached = rowOf(result, 'reached requests per second');
    expect(reached).toMatchObject({ outcome: 'pass', limit: 10, unit: 'count' });
    expect(reached?.measured).toBeGreaterThanOrEqual(10);
    expect(reached?.measured).toBeLessThan(2_000);
    expect(reached?.reason).toMatch(/^highest rate that held: [\d.]+ requests\/s; at [\d.]+ requests\/s /);
    expect(result.problems).toEqual([]);
  });
});
