/** What every probe spec has. */
export interface ProbeBase {
  intervalMs: number;
  timeoutMs: number;
  /** A slower success is a success, but degraded; null for never. */
  degradedAboveMs: number | null;
}
