import type { Fault, FaultKind } from '../../../thresholds/faults.ts';
import type { Alert, Catalogue, Condition, Service, System } from '../../../thresholds/model.ts';
import { type Probed, probedTargets } from './targets.ts';

/** A fault that shows in probes alone, at a service of the catalogue that can have it, and the alert that must tell of it. */
export interface Representative {
  system: string;
  /** Name of the alert; it fires with the service of the fault. */
  alert: string;
  fault: Fault;
  /** Null where no weaker fault makes sense. */
  nearMiss: Fault | null;
  /** Alerts that the catalogue names and that rightly fire with it. */
  consequences: readonly string[];
  /** The probe that sees it. */
  probed: Probed;
  /** Whether repeated looks must confirm it, or one look says it. */
  confirmed: boolean;
}

type Symptom = Pick<Representative, 'alert' | 'confirmed'> & {
  fault: Omit<Fault, 'service'>;
  nearMiss: Omit<Fault, 'service'> | null;
  /** Kinds of conditions that the fault makes true beside it: at the service, or at those that call it. */
  alsoTrue: readonly Condition['kind'][];
};

/** Too short for an alert that holds for a minute, or for ten: what is down is seen up again in time. */
const BRIEF_MS = 20_000;
const BRIEF_CERTIFICATE_MS = 120_000;
/** Of the promise: a first token this much later than usual is above the limit of its alert, and mostly within the promise. */
const LATE_SHARE = 0.8;
const HALF_LATE_SHARE = 0.4;
const UNREACHABLE: readonly Condition['kind'][] = ['target-down', 'metric-missing'];
const UNANSWERED: readonly Condition['kind'][] = ['errors-seen'];

/** What each kind of fault shows at a probed service; null where it cannot have the fault, or its probe would not see it. */
const SYMPTOMS: { readonly [Kind in FaultKind]?: (one: Probed) => Symptom | null } = {
  refusing: (one) => (isAsked(one) ? failing('refusing', BRIEF_MS, UNREACHABLE) : null),
  hanging: (one) => (isAsked(one) ? failing('hanging', BRIEF_MS, UNREACHABLE) : null),
  'wrong-body': (one) => (looksAtBody(one) ? failing('wrong-body', BRIEF_MS, []) : null),
  'expired-certificate': ({ service: { address }, spec }) =>
    address.kind === 'fleet' && address.tls && spec.kind === 'http'
      ? {
          // The warning fires as well, and is held back by this one.
          alert: 'CertificateExpiresVerySoon',
          confirmed: false,
          fault: { kind: 'expired-certificate' },
          nearMiss: { kind: 'expired-certificate', durationMs: BRIEF_CERTIFICATE_MS },
          alsoTrue: UNREACHABLE,
        }
      : null,
  'slow-first-token': ({ spec }) => {
    if (spec.kind !== 'llm' || spec.tier !== 'generation') return null;
    const later = (share: number) => ({ kind: 'slow-first-token', delayMs: spec.firstTokenWithinMs * share }) as const;
    return {
      alert: 'LlmSlowFirstToken',
      confirmed: false,
      fault: later(LATE_SHARE),
      nearMiss: later(HALF_LATE_SHARE),
      alsoTrue: [],
    };
  },
  'stalled-stream': (one) => (isGeneration(one) ? failing('stalled-stream', null, UNANSWERED) : null),
  'truncated-stream': (one) => (isGeneration(one) ? failing('truncated-stream', null, UNANSWERED) : null),
};

/**
 * One for each kind of fault that only probes see, where the catalogue has a simulated service for it: of those that can have it the one
 * that has the fewest faults already and on which others depend least, so that a drill can have many of them at once.
 */
export function probeRepresentatives(catalogue: Catalogue): Representative[] {
  const chosen: Representative[] = [];
  const probed = catalogue.systems.flatMap((system) =>
    probedTargets(system)
      .filter(({ service }) => service.address.kind === 'fleet')
      .map((one) => ({ system, one })),
  );
  for (const symptomOf of Object.values(SYMPTOMS)) {
    const able = probed.flatMap(({ system, one }) => {
      const symptom = symptomOf(one);
      return symptom === null
        ? []
        : [{ system, symptom, one, burden: burdenOf(catalogue, chosen, system, one.service) }];
    });
    const [best] = able.toSorted((a, b) => compare(a.burden, b.burden));
    if (best !== undefined) chosen.push(representative(best.system, best.one, best.symptom));
  }
  return chosen;
}

function representative(system: System, probed: Probed, symptom: Symptom): Representative {
  const { alert, confirmed, fault, nearMiss, alsoTrue } = symptom;
  const { id: service } = probed.service;
  const near = new Set([service, ...callersOf(system, service)]);
  return {
    system: system.id,
    alert,
    confirmed,
    probed,
    fault: { service, ...fault },
    nearMiss: nearMiss === null ? null : { service, ...nearMiss },
    consequences: system.alerts
      .filter((other) => alsoTrue.includes(other.condition.kind) && (other.service === null || near.has(other.service)))
      .map(({ name }) => name),
  };
}

/** Services of a system that ask another one themselves; with `before`, those that ask that one first. */
export function callersOf({ services }: System, provider: string, before?: string): string[] {
  const asks = ({ calls }: { calls: readonly string[] }) =>
    calls.includes(provider) && (before === undefined || calls.slice(0, calls.indexOf(provider)).includes(before));
  return services.filter((service) => callsOf(service).some(asks)).map(({ id }) => id);
}

function callsOf(service: Service): { calls: readonly string[]; skipFirst: boolean }[] {
  return 'endpoints' in service ? service.endpoints.map(({ sim }) => sim) : [];
}

/** How much else hangs on a service: its own faults, who calls it, the faults of its system. */
function burdenOf(
  { systems }: Catalogue,
  chosen: readonly Representative[],
  system: System,
  { id }: Service,
): number[] {
  const drilled = systems.flatMap(({ id: owner, alerts }) => alerts.flatMap((alert) => faultOf(owner, alert)));
  const all = [...drilled, ...chosen].filter((other) => other.system === system.id);
  const first = system.services.flatMap(callsOf).some(({ calls, skipFirst }) => !skipFirst && calls[0] === id);
  return [
    all.filter(({ fault }) => fault.service === id).length,
    first ? 2 : Math.min(1, callersOf(system, id).length),
    all.length,
  ];
}

function faultOf(system: string, { fault }: Alert): { system: string; fault: Fault }[] {
  return fault === null ? [] : [{ system, fault }];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function failing(kind: FaultKind, briefMs: number | null, alsoTrue: Symptom['alsoTrue']): Symptom {
  const nearMiss = briefMs === null ? null : { kind, durationMs: briefMs };
  return { alert: 'ProbeFailing', confirmed: true, fault: { kind }, nearMiss, alsoTrue };
}

/** The service is asked something, and must answer. */
function isAsked({ target, service, spec }: Probed): boolean {
  if (target !== service.target) return false;
  if (spec.kind === 'http') return !spec.mustRefuse;
  return spec.kind === 'mcp' || spec.kind === 'redis' || spec.kind === 'postgres';
}

/** The probe expects of the body what the endpoint promises, so that a wrong answer of the one fails the other. */
function looksAtBody({ service, spec }: Probed): boolean {
  if (service.kind !== 'http' || spec.kind !== 'http' || spec.mustRefuse) return false;
  const [{ method, path, expect }] = spec.steps;
  const content = ({ json, text }: typeof expect) => JSON.stringify([json, text]);
  return service.endpoints.some(
    (endpoint) =>
      endpoint.kind === 'http' &&
      endpoint.method === method &&
      endpoint.path === path &&
      Object.keys(expect.json).length > 0 &&
      content(endpoint.expect) === content(expect),
  );
}

function isGeneration({ spec }: Probed): boolean {
  return spec.kind === 'llm' && spec.tier === 'generation';
}
