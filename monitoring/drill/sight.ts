import type { Condition, ProbeSpec } from '../../thresholds/model.ts';

/** What makes a fault visible to an alert. */
export type Sight = ScrapedSight | ProbedSight;

/** The metrics that Prometheus scrapes, by a condition of the catalogue. */
export interface ScrapedSight {
  by: 'scrapes';
  condition: Condition;
}

/** What a prober tells of one target. */
export interface ProbedSight {
  by: 'probe';
  target: string;
  spec: ProbeSpec;
  /** Whether repeated looks must confirm it, or one look says it. */
  confirmed: boolean;
}
