import { capTotal } from './allot.ts';
import { samplesNeeded } from './judge/share.ts';
import { evenSchedule, type Schedule, shapedSchedule } from './load-schedule.ts';
import type { Catalogue, Endpoint, LoadedService } from './model.ts';
import { meanFactor, type Profile } from './profiles.ts';
import { rowIds } from './row-ids.ts';

/** What a run may change about a profile. */
export interface LoadOptions {
  /** Length of the run; by default the profile's own. */
  durationMs?: number;
  /** Scales the traffic of every profile but smoke; 1 by default. */
  rate?: number;
  /** Most requests in the whole run. */
  maxRequests?: number;
}

/** One endpoint or provider in a run: its own scenario, and one row of the verdict for each objective. */
export interface PlannedEndpoint {
  /** Short and stable, free of what k6's tag grammar reserves; the value of the `row` tag. */
  row: string;
  service: LoadedService;
  endpoint: Endpoint;
  schedule: Schedule;
  /** Set when the profile asked for more than a budget allows. */
  capped: 'service budget' | 'run budget' | null;
}

export interface LoadPlan {
  environment: string;
  profile: Profile;
  endpoints: PlannedEndpoint[];
  /** Length of the run without the time for the last answers. */
  durationMs: number;
}

/** Most requests per second of a smoke run: fleet, Prometheus and k6 share a small machine. */
const SMOKE_TOTAL_PER_SECOND = 850;
/** Most requests per second on one endpoint in a smoke run. */
const SMOKE_ENDPOINT_PER_SECOND = 50;
/** Requests of an MCP call in the legacy era: initialize, initialized, tools/call, DELETE. */
const LEGACY_CALL_REQUESTS = 4;

/** Decides which endpoint of the catalogue is asked when and how often. Endpoints are in the order of the catalogue. */
export function planLoad(catalogue: Catalogue, profile: Profile, options: LoadOptions = {}): LoadPlan {
  const services = catalogue.systems.flatMap((system) => system.services).filter(isLoaded);
  const rows = rowIds(services);
  const rate = options.rate ?? 1;
  const wanted = services.flatMap((service) => wantedIterations(service, profile, options));
  const endpoints = services.flatMap((service) => service.endpoints.map((endpoint) => ({ service, endpoint })));
  const afterService = capServices(services, wanted);
  const perIteration = endpoints.map(({ service }) => requestsPerIteration(service));
  const afterRun = capRequests(afterService, perIteration, options.maxRequests ?? null);
  const durationMs =
    options.durationMs ?? (profile.kind === 'samples' ? smokeDurationMs(services, afterRun) : profile.durationMs);
  return {
    environment: catalogue.environment,
    profile,
    durationMs,
    endpoints: endpoints.map(({ service, endpoint }, index) => {
      const iterations = afterRun[index] ?? 0;
      const capped =
        iterations < (afterService[index] ?? 0)
          ? 'run budget'
          : iterations < (wanted[index] ?? 0)
            ? 'service budget'
            : null;
      const even = profile.kind === 'samples' || capped !== null;
      const schedule: Schedule =
        iterations === 0
          ? { kind: 'none' }
          : even
            ? evenSchedule(iterations, durationMs, index / endpoints.length)
            : shapedSchedule(profile, durationMs, endpointRate(service, endpoint) * rate);
      return { row: rows[index] ?? '', service, endpoint, schedule, capped };
    }),
  };
}

/** True for services that a k6 scenario loads. */
export function isLoaded(service: { kind: string }): service is LoadedService {
  return service.kind === 'http' || service.kind === 'llm' || service.kind === 'mcp';
}

/** Requests that one iteration of the service's scenario sends. */
export function requestsPerIteration(service: LoadedService): number {
  const legacy = service.kind === 'mcp' && service.mcp.transport === 'streamable-http' && service.mcp.era === 'legacy';
  return legacy ? LEGACY_CALL_REQUESTS : 1;
}

/**
 * Samples that every promise of the endpoint needs before it may be called kept, and two in a hundred spare: up to one in a hundred
 * arrivals may be dropped before the generator counts as saturated.
 */
export function smokeSamples(endpoint: Endpoint): number {
  const { latency, success } = endpoint.objectives;
  const needed = [
    samplesNeeded('success', success),
    // Only expected answers are timed: as many more as the success promise lets fail.
    ...latency.map(({ quantile }) => Math.ceil(samplesNeeded('latency', quantile) / Math.max(success, 0.5))),
  ];
  return Math.ceil(Math.max(...needed) * 1.02);
}

function wantedIterations(service: LoadedService, profile: Profile, { durationMs, rate = 1 }: LoadOptions): number[] {
  if (profile.kind === 'samples') return service.endpoints.map(smokeSamples);
  const seconds = (durationMs ?? profile.durationMs) / 1_000;
  const factor =
    profile.kind === 'ramp'
      ? meanFactor(profile.stages)
      : profile.factors.reduce((sum, step) => sum + step, 0) / profile.factors.length;
  return service.endpoints.map((endpoint) => Math.ceil(endpointRate(service, endpoint) * rate * factor * seconds));
}

function endpointRate(service: LoadedService, endpoint: Endpoint): number {
  const weights = service.endpoints.reduce((sum, { weight }) => sum + weight, 0);
  return (service.requestsPerSecond * endpoint.weight) / weights;
}

function capServices(services: readonly LoadedService[], wanted: readonly number[]): number[] {
  let next = 0;
  return services.flatMap((service) => {
    const mine = wanted.slice(next, next + service.endpoints.length);
    next += service.endpoints.length;
    const { requestBudget } = service;
    return capTotal(mine, requestBudget === null ? null : Math.floor(requestBudget / requestsPerIteration(service)));
  });
}

function capRequests(iterations: readonly number[], perIteration: readonly number[], cap: number | null): number[] {
  const requests = iterations.map((count, index) => count * (perIteration[index] ?? 1));
  return capTotal(requests, cap).map((count, index) => Math.floor(count / (perIteration[index] ?? 1)));
}

/** As quick as the machine allows, but a real service never gets more than the traffic that it expects. */
function smokeDurationMs(services: readonly LoadedService[], iterations: readonly number[]): number {
  const total = iterations.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...iterations);
  let next = 0;
  const seconds = services.map((service) => {
    const mine = iterations.slice(next, next + service.endpoints.length).reduce((sum, count) => sum + count, 0);
    next += service.endpoints.length;
    return service.address.kind === 'url' ? (mine * requestsPerIteration(service)) / service.requestsPerSecond : 0;
  });
  return Math.ceil(Math.max(total / SMOKE_TOTAL_PER_SECOND, most / SMOKE_ENDPOINT_PER_SECOND, ...seconds) * 1_000);
}
