/** One measured figure. `ours` and `peer` were measured alternating in one run; `limit` bounds `ratio`, or `ours` where there is no peer. */
export interface BenchFigure {
  metric: string;
  unit: string;
  ours: number;
  peer: number | null;
  ratio: number | null;
  limit: number | null;
}

/** What `firedrill bench NAME --json` prints; the headline figure first. */
export interface BenchResult {
  name: string;
  figures: BenchFigure[];
}

/** A benchmark: progress lines go to `log`, never to stdout. `durationMs` is how long to measure, for those that measure for a time. */
export type Bench = (options: {
  log: (line: string) => void;
  signal: AbortSignal;
  durationMs?: number;
}) => Promise<BenchResult>;
