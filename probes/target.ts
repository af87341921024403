import type { AddressBook, Auth, Catalogue, MaintenanceWindow, ProbeSpec, Service } from '../thresholds/model.ts';
import { kindOf } from './kinds.ts';
import { type Shard, shardOf } from './schedule/shard.ts';

/** One thing to probe: a service of the catalogue at its real address. */
export interface ProbeTarget<Spec extends ProbeSpec = ProbeSpec> {
  /** `<system>/<service>`, and `/<name>` for a further probe: the target label. */
  id: string;
  system: string;
  service: string;
  environment: string;
  /** Where the prober stands; empty when that does not matter. */
  location: string;
  /** Which prober: empty but on the prober's own series, as all that look at one target from one place mean the same. */
  instance: string;
  /** Base URL without a slash at its end: `http://127.0.0.1:4321`, `https://...`, `tcp://...`. */
  url: string;
  tls: { caFile: string | null; insecure: boolean };
  auth: Auth | null;
  maintenance: readonly MaintenanceWindow[];
  spec: Spec;
}

/** A run that looks more often than the catalogue says does so a quarter as often where each look costs money. */
const PAID_EVERY = 4;

/**
 * The probe targets of a catalogue, in its order.
 * @param caFile certificates to trust for services that name none of their own.
 * @param intervalMs probes every target this often instead of as the catalogue says. Timeouts stay: a target that takes longer
 * than an interval to fail is run less often, never failed sooner than promised. Looks that cost money take four times as long.
 * @param location label of every series, where several probers look at the same targets from different places.
 * @param shard keeps only the targets of one prober of several.
 * @param oneShot leaves out the targets that only a prober around the clock can judge: see `leftOutOfOneShot`.
 * @throws Error that lists every service without an address, or with one that its probe cannot use.
 */
export function planTargets(
  catalogue: Catalogue,
  addresses: AddressBook,
  {
    caFile = null,
    intervalMs,
    location = '',
    shard = null,
    oneShot = false,
  }: {
    caFile?: string | null;
    intervalMs?: number | undefined;
    location?: string;
    shard?: Shard | null;
    oneShot?: boolean;
  } = {},
): ProbeTarget[] {
  const problems: string[] = [];
  const targets: ProbeTarget[] = [];
  for (const service of catalogue.systems.flatMap((system) => system.services)) {
    const url = addresses.get(service.target);
    for (const [id, spec] of probesOf(service)) {
      if (oneShot && needsTime(spec)) continue;
      const problem = addressProblem(service, id, spec, url);
      if (shard !== null && shardOf(id, shard.count) !== shard.index) continue;
      if (problem !== undefined) problems.push(problem);
      else if (url !== undefined) {
        targets.push({
          id,
          system: service.system,
          service: service.id,
          environment: catalogue.environment,
          location,
          instance: '',
          url,
          tls: { caFile: service.tls.caFile ?? caFile, insecure: service.tls.insecure },
          auth: service.auth,
          maintenance: service.maintenance,
          spec:
            intervalMs === undefined
              ? spec
              : { ...spec, intervalMs: isPaid(spec) ? intervalMs * PAID_EVERY : intervalMs },
        });
      }
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return targets;
}

/** Targets that a run of seconds cannot judge: nobody can be heard in so short a time. */
export function leftOutOfOneShot({ systems }: Catalogue): string[] {
  const probes = systems.flatMap(({ services }) => services.flatMap(probesOf));
  return probes.filter(([, spec]) => needsTime(spec)).map(([id]) => id);
}

/** Whether each look at the target costs money. */
export function isPaid(spec: ProbeSpec): boolean {
  return spec.kind === 'llm' && spec.tier !== 'reachability';
}

function needsTime({ kind }: ProbeSpec): boolean {
  return kind === 'heartbeat';
}

function probesOf({ target, probe, furtherProbes }: Service): [id: string, spec: ProbeSpec][] {
  return [
    [target, probe],
    ...[...furtherProbes].map(([name, spec]): [string, ProbeSpec] => [`${target}/${name}`, spec]),
  ];
}

function addressProblem({ place }: Service, id: string, spec: ProbeSpec, url: string | undefined): string | undefined {
  const where = `${place.file}:${place.line}: ${id}`;
  if (url === undefined) return `${where} has no address: nothing listens for it in this environment`;
  if (!URL.canParse(url)) return `${where} has the address ${url}, which is no URL such as http://host:port`;
  const problem = kindOf(spec).addressProblem(new URL(url));
  return problem === undefined ? undefined : `${where} has the address ${url}, ${problem}`;
}
