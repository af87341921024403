import { readFileSync } from 'node:fs';
import type { ScenarioRow } from '../../scenarios/lib/row.ts';
import type {
  AddressBook,
  Auth,
  CompletionEndpoint,
  HttpEndpoint,
  LlmService,
  LoadedService,
  McpService,
  ToolEndpoint,
} from '../../thresholds/model.ts';
import type { PlannedEndpoint } from '../../thresholds/plan-load.ts';
import { resolveSecret } from '../../thresholds/secret.ts';
import { HarnessError } from '../process/harness-error.ts';
import { toolCall } from './tool-call.ts';

/** The requests of a run, and the secrets that they need, which travel by environment variable only. */
export interface ScenarioRequests {
  rows: ScenarioRow[];
  /** Value of an authentication header, by the variable that carries it. */
  secrets: Record<string, string>;
}

type Request = Pick<ScenarioRow, 'method' | 'urls' | 'headers' | 'body' | 'answerText'>;

/** Most addresses that one path template is written out to. */
const MAX_URLS = 100;
const JSON_TYPE = { 'Content-Type': 'application/json' };

/**
 * Writes out the request of each planned endpoint.
 * @throws HarnessError when a service has no address or a secret cannot be read.
 */
export function scenarioRequests(
  endpoints: readonly PlannedEndpoint[],
  addresses: AddressBook,
  env: Readonly<Record<string, string | undefined>>,
): ScenarioRequests {
  const secrets: Record<string, string> = {};
  const rows = endpoints.map(({ row, service, endpoint }): ScenarioRow => {
    const base = addresses.get(service.target);
    if (base === undefined) {
      throw new HarnessError(`no address for ${service.target}`, {
        reason: 'it is not in the address book of this run',
      });
    }
    return {
      row,
      ...requestOf(service, endpoint, base),
      secretHeader: secretHeader(service, env, secrets),
      timeoutMs: endpoint.timeoutMs,
      expect: endpoint.expect,
      limits: endpoint.objectives.latency.map(({ name, limitMs }) => ({ objective: name, limitMs })),
    };
  });
  return { rows, secrets };
}

function requestOf(service: LoadedService, endpoint: PlannedEndpoint['endpoint'], base: string): Request {
  if (endpoint.kind === 'tool') return toolCall(service as McpService, endpoint as ToolEndpoint, base);
  if (endpoint.kind === 'completion') return completionRequest(service as LlmService, endpoint, base);
  return httpRequest(endpoint, base);
}

function httpRequest({ method, path, params, headers, body }: HttpEndpoint, base: string): Request {
  return { method, urls: expandPath(path, params).map((one) => base + one), headers, body, answerText: 'body' };
}

/** Every request takes the next value of each parameter: the combinations that come up before they repeat. */
function expandPath(path: string, params: HttpEndpoint['params']): string[] {
  const used = Object.entries(params).filter(([name]) => path.includes(`{${name}}`));
  const turns = used.reduce((all, [, values]) => leastCommonMultiple(all, values.length), 1);
  return Array.from({ length: Math.min(turns, MAX_URLS) }, (_, turn) =>
    used.reduce(
      (text, [name, values]) =>
        text.replaceAll(`{${name}}`, encodeURIComponent(String(values[turn % values.length] ?? ''))),
      path,
    ),
  );
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a * b) / x;
}

function completionRequest({ llm }: LlmService, { prompt, maxTokens }: CompletionEndpoint, base: string): Request {
  if (llm.api === 'openai') {
    const body = { model: llm.model, messages: [{ role: 'user', content: prompt }], max_tokens: maxTokens };
    const urls = [`${base}${llm.basePath}/chat/completions`];
    return { method: 'POST', urls, headers: JSON_TYPE, body: JSON.stringify(body), answerText: 'openai' };
  }
  const body = {
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    generationConfig: { maxOutputTokens: maxTokens },
  };
  const urls = [`${base}${llm.basePath}/models/${llm.model}:generateContent`];
  return { method: 'POST', urls, headers: JSON_TYPE, body: JSON.stringify(body), answerText: 'gemini' };
}

function secretHeader(
  { auth, target }: LoadedService,
  env: Readonly<Record<string, string | undefined>>,
  secrets: Record<string, string>,
): ScenarioRow['secretHeader'] {
  if (auth === null) return null;
  const variable = `FIREDRILL_AUTH_${target.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  try {
    secrets[variable] = authValue(auth, env);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError(`cannot authenticate at ${target}`, { reason, cause });
  }
  return { name: auth.kind === 'header' ? auth.name : 'Authorization', variable };
}

function authValue(auth: Auth, env: Readonly<Record<string, string | undefined>>): string {
  const read = (path: string) => readFileSync(path, 'utf8');
  if (auth.kind === 'bearer') return `Bearer ${resolveSecret(auth.token, env, read)}`;
  if (auth.kind === 'header') return resolveSecret(auth.value, env, read);
  const pair = `${auth.username}:${resolveSecret(auth.password, env, read)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
