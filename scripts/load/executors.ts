import type { LadderStep, Schedule } from '../../thresholds/load-schedule.ts';
import { type PlannedEndpoint, requestsPerIteration } from '../../thresholds/plan-load.ts';

type Unnamed = Omit<ScenarioStep, 'name'>;

/** Most virtual users of one endpoint: a service that hangs must not take the machine with it. */
const MAX_USERS = 200;
/** k6 refuses a shorter scenario. */
const MIN_LENGTH_MS = 1_000;
/** A longer limit, as for language models, says little of the usual answer; a user costs about half a megabyte. */
const MAX_EXPECTED_MS = 4_000;
/** A shared machine may keep a process waiting for so long; arrivals of that time must find a user, not be dropped. */
const STALL_MS = 1_200;
/** Resolution of rates, which k6 takes as whole numbers for a time unit. */
const RATE_UNIT_SECONDS = 3_600;

/** One k6 scenario. */
export interface ScenarioStep {
  name: string;
  executor: Record<string, unknown>;
  startMs: number;
  /** Arrivals that it is to send. */
  iterations: number;
  perSecond: number;
}

/** The k6 scenarios of an endpoint: one, or one for each step of a ladder. All have an open arrival model. */
export function scenariosOf(planned: PlannedEndpoint, index: number): ScenarioStep[] {
  const { schedule } = planned;
  const name = scenarioName(planned, index);
  switch (schedule.kind) {
    case 'none':
      return [];
    case 'even':
      return [{ name, ...even(schedule, planned) }];
    case 'ramp':
      return [{ name, ...ramp(schedule, planned) }];
    case 'ladder':
      return schedule.steps.map((step) => ({ name: stepName(name, step), ...ladderStep(step, planned) }));
  }
}

function even({ iterations, startMs, durationMs }: Schedule & { kind: 'even' }, planned: PlannedEndpoint): Unnamed {
  const perSecond = (iterations / durationMs) * 1_000;
  // Half a period short of the whole: the last arrival is in, and the one after it, on the end itself, is out.
  const cut = 1 - 0.5 / iterations;
  const lengthMs = Math.max(MIN_LENGTH_MS, Math.round(durationMs * cut));
  const executor = {
    executor: 'constant-arrival-rate',
    rate: iterations,
    timeUnit: `${(lengthMs / cut).toFixed(3)}ms`,
    duration: `${lengthMs}ms`,
    startTime: `${startMs}ms`,
    ...users(perSecond, planned),
  };
  return { executor, startMs, iterations, perSecond };
}

function ramp({ iterations, peakPerSecond, stages }: Schedule & { kind: 'ramp' }, planned: PlannedEndpoint): Unnamed {
  const executor = {
    executor: 'ramping-arrival-rate',
    startRate: 0,
    timeUnit: `${RATE_UNIT_SECONDS}s`,
    stages: stages.map(({ toPerSecond, durationMs }) => ({
      target: Math.round(toPerSecond * RATE_UNIT_SECONDS),
      duration: `${Math.round(durationMs)}ms`,
    })),
    ...users(peakPerSecond, planned),
  };
  return { executor, startMs: 0, iterations, perSecond: peakPerSecond };
}

function ladderStep({ perSecond, durationMs, startMs }: LadderStep, planned: PlannedEndpoint): Unnamed {
  const executor = {
    executor: 'constant-arrival-rate',
    rate: Math.max(1, Math.round(perSecond * RATE_UNIT_SECONDS)),
    timeUnit: `${RATE_UNIT_SECONDS}s`,
    duration: `${Math.max(MIN_LENGTH_MS, durationMs)}ms`,
    startTime: `${startMs}ms`,
    ...users(perSecond, planned),
  };
  return { executor, startMs, iterations: Math.ceil((perSecond * durationMs) / 1_000), perSecond };
}

/**
 * Virtual users by Little's law (arrivals per second times seconds in the system): at the start enough for answers a
 * quarter over the tightest limit, and for a machine that stands still for a moment; at most enough for all of them to run
 * into the timeout. An iteration with a handshake takes as many answers as it sends requests.
 */
function users(perSecond: number, { service, endpoint }: PlannedEndpoint): { preAllocatedVUs: number; maxVUs: number } {
  const { objectives, timeoutMs } = endpoint;
  const answers = requestsPerIteration(service);
  const limitMs = Math.min(timeoutMs, ...objectives.latency.map((promise) => promise.limitMs));
  const usualMs = Math.max(STALL_MS, Math.min(limitMs * 1.25 * answers, MAX_EXPECTED_MS));
  const usual = Math.ceil((perSecond * usualMs) / 1_000) + 2;
  const most = Math.ceil((perSecond * timeoutMs * answers * 1.1) / 1_000) + 2;
  const preAllocatedVUs = Math.min(usual, MAX_USERS);
  return { preAllocatedVUs, maxVUs: Math.max(preAllocatedVUs, Math.min(most, MAX_USERS)) };
}

function scenarioName({ row }: PlannedEndpoint, index: number): string {
  return `${index}_${row.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '')}`;
}

function stepName(name: string, { factor }: LadderStep): string {
  return `${name}_x${String(factor).replace('.', '_')}`;
}
