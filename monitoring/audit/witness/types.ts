import type { Expr, Span } from '../../promql/ast.ts';

/** An alerting rule as the audit reads it. `place` is its line in the file, counted from 1. */
export interface AlertRule {
  readonly file: string;
  readonly group: string;
  readonly groupIntervalMs: number | null;
  readonly place: { readonly line: number; readonly column: number };
  readonly alert: string;
  /** The expression as written; every offset of `ast` counts in it. */
  readonly expr: string;
  readonly ast: Expr;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A recording rule of the same files. */
export interface RecordingRule {
  readonly file: string;
  readonly group: string;
  readonly groupIntervalMs: number | null;
  readonly record: string;
  readonly expr: string;
  readonly ast: Expr;
  readonly labels: Readonly<Record<string, string>>;
}

/** A straight piece of a signal: from `fromMs` on (to the next piece), the value there and its change. */
export interface Segment {
  readonly fromMs: number;
  /** Null: no samples in this piece; the series goes stale where it begins. */
  readonly value: number | null;
  readonly slopePerSecond: number;
  /** Added for `everySamples` samples, then not for as many, and so on, counted from the start of the test. */
  readonly toggle?: { readonly by: number; readonly everySamples: number };
  /** Only every so-manieth sample is there, counted from the start of the test; no staleness between them. */
  readonly everySamples?: number;
}

/** One input series: its labels with `__name__`, and what it does over time. */
export interface WitnessSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of time; the first begins at 0. */
  readonly segments: readonly Segment[];
}

/** A test input that was run by promtool: the series, and what they show. */
export interface Scenario {
  readonly series: readonly WitnessSeries[];
  /** What a reader should know about it, in a few words: "sum of errors just under the limit". */
  readonly description: string;
}

/** Series that were seen by promtool to make an alert fire, and others that were seen not to. */
export interface Witness {
  readonly series: readonly WitnessSeries[];
  /** Distance of the samples of every series. */
  readonly intervalMs: number;
  /** Distance of the evaluations. */
  readonly evaluationMs: number;
  /** The whole test lasts this long. */
  readonly endMs: number;
  /** The first evaluation at which the alert fires, and the first at which its expression holds. */
  readonly fireAtMs: number;
  readonly activeAtMs: number;
  readonly forMs: number;
  /** Label sets of the firing alerts at `fireAtMs`, with alertname, as promtool printed them. */
  readonly firingLabels: readonly Readonly<Record<string, string>>[];
  /** Annotations in the same order. */
  readonly firingAnnotations: readonly Readonly<Record<string, string>>[];
  /** The recording rules that the test needs beside the alert, in the order in which they must be evaluated. */
  readonly recordingRules: readonly RecordingRule[];
  /** Just on the other side of a comparison: never fires within `endMs`. Null: none was found. */
  readonly near: Scenario | null;
  /** The fault is there but ends before `for` has passed. Null: `for` is 0, or a window carries every fault beyond it. */
  readonly brief: Scenario | null;
  /** Healthy, then the fault for good, then healthy again: fires once and resolves. Null: not found. */
  readonly episode: Episode | null;
  /** Every series present, nothing wrong, never fires within `endMs`. Null: none was found. */
  readonly healthy: Scenario | null;
  /** Nothing but the clock decides, or nothing at all (`vector(1)`): no series can silence it. */
  readonly alwaysFires: boolean;
}

/** A fault that begins and ends: the test lasts `endMs`, the alert fires from `fireAtMs` until before `resolvedAtMs`. */
export interface Episode extends Scenario {
  readonly endMs: number;
  readonly fireAtMs: number;
  readonly resolvedAtMs: number;
}

export type WitnessResult =
  | { readonly outcome: 'found'; readonly witness: Witness }
  /** It cannot fire; `at` is the sub-expression that makes it so, as offsets into the rule's expression. */
  | { readonly outcome: 'impossible'; readonly reason: string; readonly at: Span }
  | { readonly outcome: 'unsupported'; readonly construct: string; readonly at: Span }
  | { readonly outcome: 'gaveUp'; readonly after: string };
