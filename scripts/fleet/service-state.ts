import type { Agent } from 'node:http';
import type { Catalogue, Endpoint, LoadedService, Service } from '../../thresholds/model.ts';
import { HarnessError } from '../process/harness-error.ts';
import { type Effects, HEALTHY } from './effects.ts';
import { Handling } from './handling.ts';
import type { Listener } from './listener.ts';
import { knownArguments } from './metrics/arguments.ts';
import { type MeasuredEndpoint, MetricSet } from './metrics/metric-set.ts';
import { possibleEvents, routeOf } from './metrics/possible.ts';
import { lognormal, type Random } from './random.ts';

/** What a service has done since it started. Counts of requests, not of connections. */
export interface ServiceStats {
  /** By endpoint id: requests that were answered, and those of them with another status than the expected one. */
  endpoints: Record<string, { requests: number; errors: number }>;
  /** Requests that no endpoint of the catalogue answers: unknown paths, other methods, listings of tools. */
  other: number;
  scrapes: number;
  /** MCP sessions that are open now. */
  sessions: number;
}

/** An endpoint with what its handling needs on every request, computed once. */
export interface EndpointRuntime<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly method: string;
  /** Path template without the query. */
  readonly path: string;
  readonly drawLatencyMs: () => number;
  readonly counts: { requests: number; errors: number };
  /** Argument values by name that may become label values; any other value is counted as `other`. */
  readonly known: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What the faults that are on do to one request. */
export type Fate = { kind: 'usual' } | { kind: 'wrong' } | { kind: 'fail'; status: number; fast: boolean };

const USUAL: Fate = { kind: 'usual' };
const WRONG: Fate = { kind: 'wrong' };

/** What a simulated service is made from. */
export interface Surroundings {
  readonly catalogue: Catalogue;
  readonly random: Random;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Connections to the providers are kept, as every client library of theirs does. */
  readonly agent: Agent;
  /** Base URL of a target of the fleet, or undefined when the fleet does not have it. */
  readonly addressOf: (target: string) => string | undefined;
}

/** One simulated service while it runs: its metrics, its counts and the effects of its faults. */
export class ServiceState<S extends Service = Service> {
  readonly service: S;
  readonly around: Surroundings;
  readonly metrics: MetricSet;
  readonly endpoints: readonly EndpointRuntime[];
  readonly stats: ServiceStats;
  readonly listener: Listener;
  effects: Effects = HEALTHY;
  inFlight = 0;

  constructor(service: S, around: Surroundings, listener: Listener) {
    this.service = service;
    this.around = around;
    this.listener = listener;
    this.endpoints = endpointsOf(service).map((endpoint) => this.#prepare(endpoint));
    const counts = this.endpoints.map(({ endpoint, counts }) => [endpoint.id, counts] as const);
    this.stats = { endpoints: Object.fromEntries(counts), other: 0, scrapes: 0, sessions: 0 };
    const measured = this.endpoints.map((runtime) => ({
      id: runtime.endpoint.id,
      possible: possibleEvents(runtime, service),
    }));
    this.metrics = this.#createMetrics(measured);
  }

  /** Draws what happens to the next request. */
  fate(): Fate {
    const { failing, wrongBodyShare } = this.effects;
    if (failing !== null && this.around.random() < failing.share) {
      return { kind: 'fail', status: failing.status, fast: failing.fast };
    }
    return wrongBodyShare > 0 && this.around.random() < wrongBodyShare ? WRONG : USUAL;
  }

  /** Milliseconds until a request with this fate is answered. */
  latencyMs(runtime: EndpointRuntime, fate: Fate): number {
    return fate.kind === 'fail' && fate.fast ? 0 : runtime.drawLatencyMs() + this.effects.delayMs;
  }

  /** Starts to count and time a request. */
  begin(runtime: EndpointRuntime): Handling {
    return new Handling(this, runtime);
  }

  setEffects(effects: Effects): void {
    this.effects = effects;
    this.metrics.setFaults(effects.kinds);
  }

  #createMetrics(measured: MeasuredEndpoint[]): MetricSet {
    const { random, now } = this.around;
    try {
      const inFlight = () => this.inFlight;
      return new MetricSet(this.service.metrics, measured, now, { random, startedAtMs: now(), inFlight });
    } catch (error) {
      throw new HarnessError(`${this.service.target}: the fleet cannot simulate its metrics`, {
        reason: error instanceof Error ? error.message : String(error),
        hint: `see ${this.service.place.file}:${this.service.place.line}`,
      });
    }
  }

  #prepare(endpoint: Endpoint): EndpointRuntime {
    return {
      endpoint,
      ...routeOf(endpoint, this.service),
      drawLatencyMs: lognormal(endpoint.sim.latencyMs, this.around.random),
      counts: { requests: 0, errors: 0 },
      known: knownArguments(endpoint, this.service),
    };
  }
}

/** The endpoints of a service; datastores and exporters have none. */
export function endpointsOf(service: Service): readonly Endpoint[] {
  return isLoaded(service) ? service.endpoints : [];
}

function isLoaded(service: Service): service is LoadedService {
  return service.kind === 'http' || service.kind === 'llm' || service.kind === 'mcp';
}
