/** What every probe spec has. */
export interface ProbeBase {
  intervalMs: number;
  timeoutMs: number;
  /** A slower success is a success, but degraded; null for never. */
  degradedAboveMs: number | null;
  /** A slower success is a failure, though it came within the timeout; null for never. */
  failAboveMs: number | null;
  /** What makes a target down, and up again. */
  confirm: { fail: OfLatest; recover: OfLatest };
  /** Time to the next look while it fails and until it is up again; null, or not below the interval: as usual. */
  recheckMs: number | null;
}

/** So many of the latest judged runs. */
export interface OfLatest {
  needed: number;
  latest: number;
}
