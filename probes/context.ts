import type { Secret } from '../thresholds/model.ts';
import type { Clock } from './clock.ts';
import type { Connector } from './connect.ts';
import type { Trace } from './http/trace.ts';
import type { Locator } from './locate.ts';
import type { StateStore } from './state/store.ts';

/** What a probe is given to work with. */
export interface ProbeContext {
  /** Begins a trace for an http probe to send along; absent where none is wanted. */
  beginTrace?: () => Trace;
  clock: Clock;
  connect: Connector;
  locate: Locator;
  /** Addresses of the name servers of the system, such as `127.0.0.53` or `[::1]:5353`, the first asked first. */
  nameServers: () => readonly string[];
  /** Reads a secret at the time of use, so that a rotated one is seen. Throws an Error that names the reference, not the value. */
  readSecret: (secret: Secret) => string;
  /** Takes every secret that was read out of a text. Absent: there are none. */
  redact?: (text: string) => string;
  /** Text of a file of certificates to trust. */
  readCa: (path: string) => string;
  /** What a probe must remember beyond a reload of its target or a restart. */
  state: StateStore;
}

/** Limits of one run. */
export interface ProbeOptions {
  /** Ends the run without a result: the promise rejects with the signal's reason. */
  signal: AbortSignal;
  /** A longer answer is a failure. */
  bodyLimitBytes: number;
  maxRedirects: number;
  /** Longer headers of an answer, all together, are a failure. */
  headerLimitBytes: number;
}

/** Largest answer and longest chain of redirects where nothing else is said. Ten redirects as blackbox_exporter and Go follow. */
export const DEFAULT_LIMITS = {
  bodyLimitBytes: 10 * 1024 * 1024,
  maxRedirects: 10,
  headerLimitBytes: 64 * 1024,
} as const;
