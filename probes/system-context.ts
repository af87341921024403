import { getServers, lookup as resolveName } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { resolveSecret } from '../thresholds/secret.ts';
import type { Clock } from './clock.ts';
import { createConnector, type Lookup } from './connect.ts';
import type { ProbeContext } from './context.ts';
import { limitLookups, lookupsAtATime } from './fair-lookup.ts';
import { catalogueGuard, type DestinationGuard } from './guard/guard.ts';
import { createLocator } from './locate.ts';
import { createRedactor } from './redact.ts';
import { createMemoryStore, type StateStore } from './state/store.ts';

/** Resolves by the system, IPv4 first: one address, since trying a second would hide that the first is broken. */
export const systemLookup: Lookup = (hostname) => resolveName(hostname, { order: 'ipv4first' });

/** What every kind gets to work with, on the real network and disk. */
export function systemContext(
  clock: Clock,
  env: Readonly<Record<string, string | undefined>> = process.env,
  lookup: Lookup = systemLookup,
  state: StateStore = createMemoryStore(),
  guard: DestinationGuard = catalogueGuard(),
): ProbeContext {
  const redactor = createRedactor();
  const resolver = limitLookups(lookup, lookupsAtATime(process.env));
  const readText = (path: string) => readFileSync(path, 'utf8');
  return {
    clock,
    connect: createConnector({ clock, lookup: resolver, guard }),
    locate: createLocator({ clock, lookup: resolver, guard }),
    nameServers: getServers,
    readSecret(secret) {
      const value = resolveSecret(secret, env, readText);
      redactor.note(value);
      return value;
    },
    redact: redactor.redact,
    readCa: readText,
    state,
  };
}
