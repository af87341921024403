import type { Fault, FaultKind } from '../../thresholds/faults.ts';
import type { Catalogue, ProbeSpec, Service } from '../../thresholds/model.ts';
import type { DrillCase } from './case.ts';
import { compressed, type DrillClock } from './clock.ts';
import type { ProbedSight } from './sight.ts';

/** Looks are no closer than this: the prober shares the machine with what it looks at. */
const LEAST_INTERVAL_MS = 250;
/** Also looks that cost money in earnest: here they do not. */
const MOST_INTERVAL_MS = 500;
/** What waits for nothing but an answer waits no shorter than this, so that a busy machine is not taken for an outage. */
const LEAST_TIMEOUT_MS = 2_000;
const LEAST_GAP_MS = 1_000;

/**
 * A probe on the drill's clock. It always looks as often as the catalogue asks once a target fails, and never runs out of its budget: a
 * simulated provider costs nothing. Limits that its alerts compare with stay.
 */
export function drillSpec(spec: ProbeSpec, clock: DrillClock): ProbeSpec {
  const { intervalMs, recheckMs, timeoutMs } = spec;
  const everyMs = Math.min(intervalMs, recheckMs ?? intervalMs);
  const faster = {
    intervalMs: clamp(compressed(everyMs, clock), LEAST_INTERVAL_MS, MOST_INTERVAL_MS),
    recheckMs: null,
    timeoutMs: shortened(timeoutMs, LEAST_TIMEOUT_MS, clock),
  };
  if (spec.kind !== 'llm') return { ...spec, ...faster };
  if (spec.tier === 'reachability') return { ...spec, ...faster, request: { ...spec.request, ...faster } };
  const budget = { ...spec.budget, tokensPerDay: Number.POSITIVE_INFINITY, usdPerDay: null };
  const { intervalMs: ownMs } = faster;
  // Their timeouts hold several answers of a model one after another.
  const paid = { intervalMs: ownMs, recheckMs: null, budget };
  if (spec.tier === 'route') return { ...spec, ...paid };
  return { ...spec, ...paid, gapWithinMs: shortened(spec.gapWithinMs, LEAST_GAP_MS, clock) };
}

/** What the drill's prober looks at: every service at which a fault is switched on, and no other. */
export function probedPart(catalogue: Catalogue, cases: readonly DrillCase[], clock: DrillClock): Catalogue {
  const faulty = new Set(cases.flatMap(({ system, fault, nearMiss }) => targets(system.id, fault, nearMiss)));
  return {
    ...catalogue,
    connectivity: [],
    systems: catalogue.systems.map((system) => ({
      ...system,
      services: system.services
        .filter(({ id }) => faulty.has(`${system.id}/${id}`))
        .map((service) => drilledService(service, clock)),
    })),
  };
}

/** When a probe sees a fault, and its end, at the latest: wall milliseconds. @param lookMs the longest look in health. */
export function probeTimes(
  sight: ProbedSight,
  fault: Fault,
  lookMs: number,
  clock: DrillClock,
): { onsetMs: number; recoveryMs: number } {
  const spec = drillSpec(sight.spec, clock);
  const { intervalMs, confirm } = spec;
  const failingMs = lookMs + (LONGER[fault.kind]?.(spec, fault) ?? 0);
  const scrapedMs = 2 * clock.scrapeMs;
  const looks = ({ needed }: { needed: number }) => (sight.confirmed ? needed : 1);
  return {
    // A look that is under way says nothing new; from its end on one begins at most an interval after the one before.
    onsetMs: lookMs + looks(confirm.fail) * (intervalMs + failingMs) + scrapedMs,
    recoveryMs: failingMs + looks(confirm.recover) * (intervalMs + lookMs) + scrapedMs,
  };
}

/** How much longer a look takes under a fault. */
const LONGER: { readonly [Kind in FaultKind]?: (spec: ProbeSpec, fault: Fault) => number } = {
  hanging: ({ timeoutMs }) => timeoutMs,
  'stalled-stream': (spec) => ('gapWithinMs' in spec ? spec.gapWithinMs : spec.timeoutMs),
  'slow-first-token': (_, { delayMs = 0 }) => delayMs,
  slow: (_, { delayMs = 0 }) => delayMs,
};

function drilledService(service: Service, clock: DrillClock): Service {
  return {
    ...service,
    probe: drillSpec(service.probe, clock),
    furtherProbes: new Map([...service.furtherProbes].map(([name, spec]) => [name, drillSpec(spec, clock)])),
    // A planned window would silence its alerts.
    maintenance: [],
  };
}

function targets(system: string, ...faults: readonly (Fault | null)[]): string[] {
  return faults.flatMap((fault) => (fault === null ? [] : [`${system}/${fault.service}`]));
}

function shortened(ms: number, leastMs: number, clock: DrillClock): number {
  return Math.min(ms, Math.max(leastMs, compressed(ms, clock)));
}

function clamp(ms: number, leastMs: number, mostMs: number): number {
  return Math.round(Math.min(mostMs, Math.max(leastMs, ms)));
}
