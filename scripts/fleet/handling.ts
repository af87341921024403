import type { Event } from './metrics/labels.ts';
import type { EndpointRuntime, ServiceState } from './service-state.ts';

/** A call of a provider within a request. */
export interface ProviderCall {
  provider: string;
  outcome: 'success' | 'error';
  status: number;
  durationSeconds: number;
}

const NO_ARGUMENTS: Readonly<Record<string, string>> = {};

/** One request of an endpoint from its arrival to its answer. Ends once, by `finish` or `abandon`. */
export class Handling {
  readonly #state: ServiceState;
  readonly #runtime: EndpointRuntime;
  readonly #startedAt = performance.now();
  #ended = false;

  constructor(state: ServiceState, runtime: EndpointRuntime) {
    this.#state = state;
    this.#runtime = runtime;
    state.inFlight += 1;
  }

  /** The request was answered with this status: it is counted, with its true duration. */
  finish(status: number, args: Event['arguments'] = NO_ARGUMENTS, calls: readonly ProviderCall[] = []): void {
    if (!this.#end()) return;
    const { endpoint, method, path, counts } = this.#runtime;
    const expected = endpoint.expect.status.includes(status);
    counts.requests += 1;
    if (!expected) counts.errors += 1;
    const event: Event = {
      method,
      path,
      endpoint: endpoint.id,
      status,
      outcome: expected ? 'success' : 'error',
      provider: '',
      durationSeconds: (performance.now() - this.#startedAt) / 1_000,
      arguments: args,
    };
    this.#state.metrics.record(event, calls.length === 0 ? [] : calls.map((call) => ({ ...event, ...call })));
  }

  /** The connection went away before the answer: nothing is counted. */
  abandon(): void {
    this.#end();
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#state.inFlight -= 1;
    return true;
  }
}
