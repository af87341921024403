import type { Matcher, VectorSelector } from '../../../promql/ast.ts';
import { compilePattern } from '../labels/pattern.ts';
import { pieceAt, type Signal, valueAt } from './signal.ts';

export type Labels = Readonly<Record<string, string>>;

/** A series of the model. */
export interface ModelSeries {
  readonly labels: Labels;
  signal: Signal;
  /** Absent series stay in the model, so that they can come back. */
  present: boolean;
}

/** The clockwork of a test. */
export interface Clock {
  readonly intervalMs: number;
  readonly evaluationMs: number;
  /** Prometheus 3 leaves the oldest edge out of a window; Prometheus 2 has it in. */
  readonly leftOpen: boolean;
}

export const LOOKBACK_MS = 300_000;

export function selects(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matches(matcher, labels[matcher.label] ?? ''));
}

const compiled = new WeakMap<Matcher, RegExp>();
const NOTHING = /(?!)/;

export function matches(matcher: Matcher, value: string): boolean {
  switch (matcher.op) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    default: {
      let pattern = compiled.get(matcher);
      if (pattern === undefined) {
        pattern = compilePattern(matcher.value) ?? NOTHING;
        compiled.set(matcher, pattern);
      }
      return pattern.test(value) === (matcher.op === '=~');
    }
  }
}

/** All matchers of a selector, the one for its name among them. */
export function allMatchers({ name, matchers, from, to }: VectorSelector): Matcher[] {
  return name === null ? [...matchers] : [{ label: '__name__', op: '=', value: name, from, to }, ...matchers];
}

/** The newest sample at or before a moment, within the lookback; nothing is there yet after `nowMs`. */
export function latest(
  series: ModelSeries,
  tMs: number,
  clock: Clock,
  nowMs: number,
): { tMs: number; value: number } | null {
  const step = stepAt(series.signal, tMs, clock);
  const sampleMs = Math.floor(Math.min(tMs, nowMs) / step) * step;
  if (tMs < 0 || tMs - sampleMs > LOOKBACK_MS) return null;
  const value = valueAt(series.signal, sampleMs);
  return value === null ? null : { tMs: sampleMs, value };
}

/** The samples in a window, oldest first; `toMs` is no later than now. */
export function window(series: ModelSeries, fromMs: number, toMs: number, clock: Clock): [number, number][] {
  const points: [number, number][] = [];
  const start = Math.max(0, Math.ceil(fromMs / clock.intervalMs) * clock.intervalMs);
  for (let at = start; at <= toMs; at += clock.intervalMs) {
    if (clock.leftOpen && at === fromMs) continue;
    if (at % stepAt(series.signal, at, clock) !== 0) continue;
    const value = valueAt(series.signal, at);
    if (value !== null) points.push([at, value]);
  }
  return points;
}

function stepAt(signal: Signal, tMs: number, clock: Clock): number {
  return pieceAt(signal, tMs).sparseMs ?? clock.intervalMs;
}
