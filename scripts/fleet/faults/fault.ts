import type { Fault, FaultKind } from '../../../thresholds/faults.ts';
import type { Service } from '../../../thresholds/model.ts';
import type { Effects } from '../effects.ts';

/** One kind of fault. */
export interface FaultDefinition {
  /** Why the service cannot have this fault, or null when it can: a fault without effect would prove nothing. */
  refusal(service: Service, fault: Fault): string | null;
  /** The effects with this fault added to those of the faults before it. */
  apply(effects: Effects, fault: Fault): Effects;
}

/** Null when the service is of one of these kinds, else the reason. */
export function onlyKinds(service: Service, ...kinds: Service['kind'][]): string | null {
  return kinds.includes(service.kind)
    ? null
    : `it needs a service of kind ${kinds.join(' or ')}, this is ${service.kind}`;
}

/** Null when the simulated service answers anything, else the reason. */
export function needsAnswers(service: Service): string | null {
  const isSilent = service.kind === 'datastore' && service.engine === 'other';
  return isSilent ? 'a datastore of engine "other" never answers anything: nobody would notice' : null;
}

/** Null when a metric of the service says what the fault does to it, else the reason. */
export function needsMetric(service: Service, kind: FaultKind): string | null {
  if (service.scrape === null) return 'the service exports no metrics';
  const declared = service.metrics.some(({ sim }) => sim !== null && sim.faults[kind] !== undefined);
  return declared ? null : `no metric of the service declares it: give one sim: {faults: {${kind}: ...}}`;
}

/** A datastore that answers queries itself. */
export function answersQueries(service: Service): boolean {
  return service.kind === 'datastore' && service.engine !== 'other';
}

/** A fault that is seen in metrics alone: those that declare it move as they say. */
export function metricFault(kind: FaultKind): FaultDefinition {
  return { refusal: (service) => needsMetric(service, kind), apply: (effects) => effects };
}

/** The share of requests that a fault hits: all of them where it names none. */
export function shareOf(fault: Fault): number {
  return fault.share ?? 1;
}
