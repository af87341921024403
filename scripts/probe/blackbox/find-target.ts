import { kindOf } from '../../../probes/kinds.ts';
import type { ProbeTarget } from '../../../probes/target.ts';
import { atPath, everySeries, type Module } from './modules.ts';

/** What to probe, and whether the catalogue vouches for where it is. */
export interface Found {
  target: ProbeTarget;
  trusted: boolean;
}

/** Kinds that a scrape must not set off: money spent beside the budget, and a wait for somebody else's call. */
const SCHEDULED_ONLY: ReadonlySet<string> = new Set(['llm', 'heartbeat']);

/** Why there is nothing to probe. */
export interface NotFound {
  cause: 'unknown-target' | 'unknown-module';
  message: string;
}

/**
 * The target that a request for /probe means.
 * - The id or the address of a catalogue target without a module, or with the name of its kind: as the catalogue says.
 * - Either with another module: that module at its address, without the catalogue's credentials.
 * - Anything else: the module at that address, for the guard of the list to judge.
 */
export function findTarget(
  { target: wanted, module: name }: { target: string; module: string | null },
  catalogue: Iterable<ProbeTarget>,
  modules: ReadonlyMap<string, Module>,
): Found | NotFound {
  const own = [...catalogue].filter((target) => target.id === wanted || addressesOf(target).includes(trimmed(wanted)));
  const same = own.find(({ spec }) => name === null || spec.kind === name);
  if (same !== undefined) {
    if (SCHEDULED_ONLY.has(same.spec.kind)) {
      return {
        cause: 'unknown-target',
        message: `${same.id} is probed on its schedule alone: its last run is on /metrics`,
      };
    }
    return { target: { ...same, spec: everySeries(same.spec) }, trusted: true };
  }
  const module = modules.get(name ?? 'http_2xx');
  if (module === undefined) {
    return {
      cause: 'unknown-module',
      message: `unknown module ${JSON.stringify(name)}: choose one of ${[...modules.keys()].join(', ')}, or the kind of a catalogue target`,
    };
  }
  const [first] = own;
  const url = URL.parse(first?.url ?? withScheme(wanted, module));
  const problem = url === null || url.hostname === '' ? 'is no address' : kindOf(module.spec).addressProblem(url);
  if (url === null || problem !== undefined) {
    const subject = first === undefined ? JSON.stringify(wanted) : first.id;
    return { cause: 'unknown-target', message: `target ${subject} ${problem}` };
  }
  return { target: standIn(url, module, first), trusted: first !== undefined };
}

function standIn(url: URL, { spec }: Module, own: ProbeTarget | undefined): ProbeTarget {
  const isHttp = spec.kind === 'http';
  return {
    id: '',
    system: '',
    service: '',
    environment: '',
    location: '',
    instance: '',
    // Credentials in an address would show up in logs: they are not taken.
    url: isHttp ? url.origin : `${url.protocol}//${url.host}`,
    tls: own?.tls ?? { caFile: null, insecure: false },
    auth: null,
    maintenance: [],
    spec: isHttp ? atPath(spec, url.pathname + url.search) : spec,
  };
}

/** How a scrape configuration may name a catalogue target by its address: with the path of its first request, or without its scheme. */
function addressesOf({ url, spec }: ProbeTarget): string[] {
  const path = spec.kind === 'http' ? spec.steps[0].path : '';
  return [url, `${url}${path}`, url.replace(/^[a-z]+:\/\//, '')].map(trimmed);
}

function trimmed(address: string): string {
  return address.replace(/\/$/, '');
}

function withScheme(wanted: string, { scheme }: Module): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(wanted) ? wanted : `${scheme}//${wanted}`;
}
