import type { Alert } from './alert.ts';
import type { MuteTime, Receiver, Routing } from './routing.ts';
import type { Service } from './service.ts';

/**
 * The catalogue as everything else reads it: references resolved, defaults applied, durations in milliseconds, shares 0 to 1.
 * Only `loadCatalogue` makes one.
 */
export interface Catalogue {
  /** The environment that was chosen; the value of the `environment` label. */
  environment: string;
  systems: System[];
  receivers: Receiver[];
  muteTimes: MuteTime[];
  operations: Operations;
  /** At least one of these must take a connection, or a failure says more of the prober than of its target. None: not looked at. */
  connectivity: readonly HostAndPort[];
}

/** Monitoring itself: who looks after it, where its alerts go, and where links in notifications lead. */
export interface Operations {
  team: string;
  routing: Routing;
  /** Who hears from the alert Watchdog all the time; null: it goes the way of all others. */
  watchdog: { receiver: string; everyMs: number } | null;
  /** What `runbook_url` starts with; the heading's anchor follows. */
  runbookUrl: string;
  /** Base URL of Grafana, without a slash at its end. */
  grafanaUrl: string;
}

/** Where a TCP connection leads. */
export interface HostAndPort {
  host: string;
  port: number;
}

/** Where something stands in the catalogue, for messages and annotations. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface System {
  id: string;
  title: string;
  team: string;
  services: Service[];
  alerts: Alert[];
  routing: Routing;
  place: Place;
}

/** `fleet`: the simulated service, its port known once it listens. */
export type Address = { kind: 'fleet'; tls: boolean } | { kind: 'url'; url: string };

/**
 * Base URL of each target (`<system>/<service>`) once everything listens: `http://127.0.0.1:4321`, `https://...`,
 * `tcp://127.0.0.1:5432`. No slash at the end.
 */
export type AddressBook = ReadonlyMap<string, string>;

/** A secret by reference. `resolveSecret` reads it, as late as possible. */
export type Secret = { variable: string } | { file: string };

export type Auth =
  | { kind: 'bearer'; token: Secret }
  | { kind: 'basic'; username: string; password: Secret }
  | { kind: 'header'; name: string; value: Secret };
