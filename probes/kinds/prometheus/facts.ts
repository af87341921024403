/** What a run at a Prometheus server saw. */
export interface PrometheusFacts {
  /** Warnings and infos of the server, for people. */
  warnings: string[];
  /** Query: how many series, and the value that is nearest to breaking the condition, or breaks it. */
  series?: number;
  value?: number;
  /** Targets that were looked at, by state. */
  targets?: { up: number; down: number; unknown: number };
  /** Rules by health. */
  rules?: { ok: number; err: number; unknown: number };
}
