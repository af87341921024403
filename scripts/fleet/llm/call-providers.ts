import { type Agent, request } from 'node:http';
import type { Endpoint, LlmService } from '../../../thresholds/model.ts';
import { targetName } from '../../../thresholds/names.ts';
import { HarnessError } from '../../process/harness-error.ts';
import type { ProviderCall } from '../handling.ts';
import type { ServiceState } from '../service-state.ts';
import { completionRequest, completionText } from './completion-request.ts';

/** What came of asking the providers in turn. */
export interface Reached {
  /** The one that answered; null when none did. */
  provider: string | null;
  /** Every call that was really made, in order. */
  calls: ProviderCall[];
}

/** Asks the providers of an endpoint over HTTP, first to last, until one answers. */
export async function callProviders(state: ServiceState, endpoint: Endpoint): Promise<Reached> {
  const { calls: names, skipFirst } = endpoint.sim;
  const calls: ProviderCall[] = [];
  for (const name of skipFirst ? names.slice(1) : names) {
    const provider = providerOf(state, endpoint, name);
    const call = await ask(provider.service, provider.url, state.around.agent);
    calls.push(call);
    if (call.outcome === 'success') return { provider: name, calls };
  }
  return { provider: null, calls };
}

/** @throws HarnessError when an endpoint calls a provider that the fleet does not have. */
export function assertCallsAreSimulated(state: ServiceState): void {
  for (const { endpoint } of state.endpoints) {
    for (const name of endpoint.sim.calls) providerOf(state, endpoint, name);
  }
}

/**
 * The provider service that an endpoint calls by this name.
 * @throws HarnessError when the fleet has no such service: it must never call, and pay, a real one.
 */
function providerOf(state: ServiceState, endpoint: Endpoint, name: string): { service: LlmService; url: string } {
  const target = targetName(state.service.system, name);
  const system = state.around.catalogue.systems.find(({ id }) => id === state.service.system);
  const service = system?.services.find(({ id }) => id === name);
  const url = state.around.addressOf(target);
  if (service?.kind === 'llm' && url !== undefined) return { service, url };
  throw new HarnessError(`${state.service.target}: ${endpoint.id} calls ${name}, which the fleet does not have`, {
    reason: service?.kind === 'llm' ? `${target} has a real address` : `${target} is no llm service of the catalogue`,
    hint: `simulate it too (address: "fleet:") or leave it out of sim: {calls: ...}`,
  });
}

async function ask({ id, llm, endpoints: [question] }: LlmService, url: string, agent: Agent): Promise<ProviderCall> {
  const startedAt = performance.now();
  const { path, body } = completionRequest(llm, question?.prompt ?? 'Hello', question?.maxTokens ?? 16);
  const answer = await post(`${url}${path}`, JSON.stringify(body), question?.timeoutMs ?? 10_000, agent);
  const text = answer.status === 200 ? completionText(llm, answer.text) : undefined;
  return {
    provider: id,
    outcome: typeof text === 'string' && text !== '' ? 'success' : 'error',
    status: answer.status,
    durationSeconds: (performance.now() - startedAt) / 1_000,
  };
}

/** Status 0 stands for no answer: no connection, a broken one, or none in time. */
function post(url: string, body: string, timeoutMs: number, agent: Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const failed = () => resolve({ status: 0, text: '' });
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const req = request(url, { method: 'POST', agent, headers, signal }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.once('error', failed);
      res.once('end', () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    req.once('error', failed);
    req.end(body);
  });
}
