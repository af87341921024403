/** A text under its name, as a rule file. */
export interface NamedText {
  name: string;
  text: string;
}

/**
 * Time on a faster clock: at the wall time `startMs` it is `virtualStartMs`, and from there it passes `factor` times faster. Whoever writes
 * series writes moments in their values (`process_start_time_seconds`) in virtual time. Subqueries look at multiples of their step: they
 * look at the same moments on both clocks where `startMs` is a multiple of the scaled step and `virtualStartMs` one of the step.
 */
export interface VirtualClock {
  startMs: number;
  factor: number;
  virtualStartMs: number;
}

export interface ScaleGroupsOptions {
  /** The scrape interval for which the rules were written. */
  scrapeIntervalMs: number;
  /** The global `evaluation_interval` for which the rules were written. */
  evaluationIntervalMs: number;
  /** The smallest distance of samples in wall time. */
  wallScrapeMs: number;
  /** The smallest distance of evaluations in wall time. */
  wallEvaluationMs: number;
  /** Upper bound of every factor; none when left out. */
  maxFactor?: number | undefined;
  /**
   * True where `ALERTS` are written by hand for those that read them: then alerts that read the states of others need not share their clock. Rules that
   * watch every alert would otherwise bind all groups to the slowest.
   */
  alertStatesWritten?: boolean | undefined;
  /** The virtual clock for a factor; null refuses what reads the time. */
  clock: (factor: number) => VirtualClock | null;
  /** The look-back for which the rules were written; Prometheus's own is 5 minutes. */
  lookbackMs: number;
}

/** Why a rule cannot run on a faster clock: what in it, and the reason. */
export interface Refusal {
  construct: string;
  reason: string;
}

/** What became of one rule. */
export interface ScaledRule {
  kind: 'alert' | 'record';
  name: string;
  /** Null: it is in the scaled file. */
  refused: Refusal | null;
  /** Annotations and labels whose text may differ on the faster clock, with the reason. */
  notCompared: readonly { key: string; reason: string }[];
  /** Functions that count samples: right only where samples are `wallScrapeMs` of the group apart. */
  countsSamples: readonly string[];
}

/** A rule group on its clock. */
export interface ScaledGroup {
  file: string;
  group: string;
  /** Its name in the scaled file: another one only where two resources of one file have groups of one name. */
  scaledName: string;
  /** How many times faster than real time: at least 1, and a whole number from 2 on. */
  factor: number;
  clock: VirtualClock | null;
  /** The interval that the scaled file names. */
  wallIntervalMs: number;
  /** How far apart the samples that it reads must be: the scaled scrape interval, but not under the smallest allowed. */
  wallScrapeMs: number;
  /** The look-back that its instant selectors need. */
  wallLookbackMs: number;
  /** What keeps the factor from being larger. */
  limitedBy: string;
  rules: readonly ScaledRule[];
}

export interface ScaledGroups {
  /** Scaled files, plain `groups:` whatever they were, under their names; one without any rule left is left out. */
  files: readonly NamedText[];
  groups: readonly ScaledGroup[];
  /** The look-back that serves all groups at once. */
  wallLookbackMs: number;
  /** What the reader of rule files complains of, as `file:line:column: rule; fix`. */
  problems: readonly string[];
}
