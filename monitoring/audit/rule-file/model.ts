import type { Place } from '../../../thresholds/model.ts';

/** A text of a file, such as an expression, with the place of each of its characters. */
export interface PlacedText {
  text: string;
  file: string;
  /** Stretches that stand on one line of the file, in order; the first one starts at 0. */
  runs: readonly Run[];
}

/** From character `from` of the text on, characters stand in sequence from this line and column (both from 1). */
export interface Run {
  from: number;
  line: number;
  column: number;
}

/** A rule of a rule file, checked in its structure; whether its expression is PromQL is a later question. */
export interface Rule {
  kind: 'alert' | 'record';
  /** Name of the alert, or the metric that the rule records. */
  name: string;
  place: Place;
  expr: PlacedText;
  /** `for`; 0 where there is none. */
  forMs: number;
  /** `keep_firing_for`; 0 where there is none. */
  keepFiringForMs: number;
  /** Those of the rule over those of its group. */
  labels: ReadonlyMap<string, PlacedText>;
  annotations: ReadonlyMap<string, PlacedText>;
}

export interface RuleGroup {
  name: string;
  place: Place;
  /** `interval`; null for that of the server. */
  intervalMs: number | null;
  /** `limit`: most alerts or series of a rule; 0 for no limit. */
  limit: number;
  /** `query_offset`; null for that of the server. */
  queryOffsetMs: number | null;
  rules: readonly Rule[];
}

export interface RuleFile {
  path: string;
  groups: readonly RuleGroup[];
}

/** The place of a character of a text; beyond its end, of where the next one would stand. */
export function placeIn(text: PlacedText, offset: number): Place {
  const run = text.runs.findLast(({ from }) => from <= offset) ?? { from: 0, line: 1, column: 1 };
  return { file: text.file, line: run.line, column: run.column + offset - run.from };
}
