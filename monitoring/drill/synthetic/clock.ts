/** How time passes for one alert in a drill. */
export interface CaseClock {
  /** How many times faster than real time. */
  readonly factor: number;
  /** What keeps it from being larger. */
  readonly limitedBy: string;
  /** Wall milliseconds between evaluations, and between samples. */
  readonly wallEvaluationMs: number;
  readonly wallSampleMs: number;
  /** The look-back that its instant selectors need. */
  readonly wallLookbackMs: number;
}

/** Real time between evaluations. */
export function evaluationMs({ factor, wallEvaluationMs }: CaseClock): number {
  return Math.round(factor * wallEvaluationMs);
}

/** Real time between samples. */
export function sampleMs({ factor, wallSampleMs }: CaseClock): number {
  return Math.round(factor * wallSampleMs);
}

/** Where the real time of a script lies on the wall clock. */
export interface Placement {
  /** At this wall time (Unix milliseconds) the script is at `fromMs`. */
  readonly wallMs: number;
  readonly fromMs: number;
  readonly factor: number;
}

/** Unix milliseconds of a moment of a script. */
export function wallTime({ wallMs, fromMs, factor }: Placement, atMs: number): number {
  return wallMs + (atMs - fromMs) / factor;
}
