import type { Agent } from 'undici';
import type { CompletionEndpoint, Endpoint, HttpEndpoint, LlmService, McpService } from '../../../thresholds/model.ts';
import { completionRequest, completionText } from '../llm/completion-request.ts';
import type { Random } from '../random.ts';
import type { SimulatedService } from '../simulated-service.ts';
import { callTool } from './call-tool.ts';

/** An answer as an expectation looks at it. */
export interface Sent {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined> & Record<string, string | undefined>;
}

/** Sends one request over a kept connection and reads the whole answer. */
export type Post = (
  path: string,
  options: { method: string; headers: Record<string, string>; body: string | null },
) => Promise<Sent>;

/** Sends one request to an endpoint, as its clients do. */
export async function sendTo(
  { state, url }: SimulatedService,
  endpoint: Endpoint,
  agent: Agent,
  random: Random,
): Promise<Sent> {
  const post: Post = async (path, { method, headers, body }) => {
    const answer = await agent.request({
      origin: url,
      path,
      method: method as 'GET',
      headers,
      body,
      headersTimeout: endpoint.timeoutMs,
      bodyTimeout: endpoint.timeoutMs,
    });
    return { status: answer.statusCode, text: await answer.body.text(), headers: answer.headers as Sent['headers'] };
  };
  if (endpoint.kind === 'http') return await sendHttp(post, endpoint, random);
  if (endpoint.kind === 'tool') return await callTool(post, (state.service as McpService).mcp, endpoint);
  return await sendCompletion(post, (state.service as LlmService).llm, endpoint);
}

function sendHttp(post: Post, { path, params, method, headers, body }: HttpEndpoint, random: Random): Promise<Sent> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const values = params[name] ?? [1];
    return encodeURIComponent(String(values[Math.floor(random() * values.length)]));
  });
  return post(filled, { method, headers, body });
}

async function sendCompletion(post: Post, llm: LlmService['llm'], endpoint: CompletionEndpoint): Promise<Sent> {
  const { path, body } = completionRequest(llm, endpoint.prompt, endpoint.maxTokens);
  const headers = { 'content-type': 'application/json' };
  const sent = await post(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { ...sent, text: completionText(llm, sent.text) ?? '' };
}
