/**
 * Faults that the simulated fleet can switch on a service while it runs. The catalogue names them for each alert; the fleet has one
 * file for each.
 */
export const FAULT_KINDS = [
  'down',
  'refusing',
  'hanging',
  'slow',
  'errors',
  'wrong-body',
  'expired-certificate',
  'provider-errors',
  'slow-first-token',
  'stalled-stream',
  'truncated-stream',
  'cold-cache',
  'slow-queries',
  'exhausted-pool',
  'cpu',
  'memory',
  'disk',
  'drift',
  'accuracy',
  'unloaded-model',
  'silent-metrics',
  'vanished-metrics',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault as switched on: which service, which kind, how much. */
export interface Fault {
  service: string;
  kind: FaultKind;
  /** For `slow`, `slow-first-token`, `slow-queries`: how much longer. */
  delayMs?: number;
  /** For `errors`, `provider-errors`, `wrong-body`: share of requests, 0 to 1; all of them without it. */
  share?: number;
  /** For `vanished-metrics`: only these metrics; all of them without it. */
  metrics?: string[];
  /** For a near miss that is too short: the fault ends after this time (real time, before compression). */
  durationMs?: number;
}

/** A fault in a few words, for tables: `+700 ms`, `30 % errors`, `down`. */
export function describeFault(fault: Fault): string {
  const amount = [
    fault.delayMs === undefined ? '' : `+${fault.delayMs} ms`,
    fault.share === undefined ? '' : `${Number((fault.share * 100).toPrecision(3))} %`,
  ].filter(Boolean);
  return `${fault.service} ${[fault.kind, ...amount].join(' ')}`;
}
