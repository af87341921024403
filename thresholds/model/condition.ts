/** Events that are counted: a counter, or the part of it that the matchers select. */
export interface Counted {
  metric: string;
  where: string;
}

/** Something that fills up. */
export interface Resource {
  /** What is used of it, or what is free. */
  level: { metric: string; means: 'used' | 'free' };
  /** A metric, or a number that never changes, in the same unit. */
  size: string | number;
  where: string;
  by: string[];
}

/** A side of a limit that must not be reached. */
export interface Limit {
  breach: 'above' | 'below';
  limit: number;
}

/**
 * What makes an alert fire. `where` holds further label matchers, comma-separated, or is empty; `by` the labels that it keeps beside
 * the identity. Shares are 0 to 1.
 */
export type Condition =
  | { kind: 'target-down' }
  | {
      kind: 'latency-quantile';
      quantile: number;
      aboveMs: number;
      windowMs: number;
      metric: string | null;
      where: string;
    }
  | { kind: 'latency-mean'; aboveMs: number; windowMs: number; metric: string | null; where: string }
  | { kind: 'latency-exceeded'; aboveMs: number; windowMs: number; metric: string; where: string; by: string[] }
  | { kind: 'error-share'; above: number; windowMs: number; where: string; minEvents: number }
  | { kind: 'errors-seen'; metric: string; where: string; by: string[]; windowMs: number }
  | ({
      kind: 'threshold';
      /** A metric with its matchers, or PromQL with `$matchers` and `$window` not yet filled in. */
      of: { metric: string; where: string; by: string[] } | { expr: string };
      unit: string;
      /** 0: as it stands. */
      windowMs: number;
    } & Limit)
  | ({ kind: 'share'; part: Counted; of: Counted[]; windowMs: number; by: string[]; minEvents: number } & Limit)
  | { kind: 'utilisation'; of: Resource[]; above: number }
  | ({
      kind: 'forecast';
      metric: string;
      /** Limit and `from` are shares of this metric; null: in the unit of `metric`. */
      size: string | null;
      where: string;
      by: string[];
      withinMs: number;
      windowMs: number;
      /** Silent until this level is passed. */
      from: number;
    } & Limit)
  | { kind: 'metric-missing'; metric: string; where: string };
