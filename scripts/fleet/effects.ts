import type { FaultKind } from '../../thresholds/faults.ts';

/** What the faults that are on do to a service, all of them taken together. The engines read it on every request. */
export interface Effects {
  /** `closed` refuses connections, `resetting` accepts and resets them, `mute` accepts them and never answers. */
  readonly reach: 'open' | 'closed' | 'resetting' | 'mute';
  /** Added to the latency of every answer, milliseconds. */
  readonly delayMs: number;
  /** Added to every query of a datastore, milliseconds; logins stay quick. */
  readonly queryDelayMs: number;
  /** A datastore has no connection left to give. */
  readonly saturated: boolean;
  /** Share of the requests, 0 to 1, that are answered with this status; `fast` ones without the usual latency. */
  readonly failing: { readonly share: number; readonly status: number; readonly fast: boolean } | null;
  /** Share of the requests, 0 to 1, that get a well-formed answer with the wrong content. */
  readonly wrongBodyShare: number;
  /** Added before the first token of a completion, milliseconds. */
  readonly firstTokenDelayMs: number;
  readonly stream: 'whole' | 'stalled' | 'truncated';
  readonly expiredCertificate: boolean;
  /** Whether scrapes are answered. */
  readonly scrape: 'answered' | 'mute';
  /** Metrics left out of the page. */
  readonly hiddenMetrics: 'none' | 'all' | ReadonlySet<string>;
  /** Faults that are on, the latest last: metrics look up what each one does to them. */
  readonly kinds: readonly FaultKind[];
}

/** No fault is on. */
export const HEALTHY: Effects = {
  reach: 'open',
  delayMs: 0,
  queryDelayMs: 0,
  saturated: false,
  failing: null,
  wrongBodyShare: 0,
  firstTokenDelayMs: 0,
  stream: 'whole',
  expiredCertificate: false,
  scrape: 'answered',
  hiddenMetrics: 'none',
  kinds: [],
};
