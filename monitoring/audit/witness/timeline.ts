import type { Expr } from '../../promql/ast.ts';
import { type Evaluator, ModelError } from './model/evaluate.ts';
import { keyOf, unnamed } from './model/vector.ts';

/** What an alert does in a test, as the model sees it. */
export interface Timeline {
  /** The first evaluation at which its expression holds for the element that fires first. */
  readonly activeAtMs: number | null;
  /** The first evaluation at which it fires. */
  readonly fireAtMs: number | null;
  /** The first evaluation after the firing ones at which nothing fires any more. */
  readonly resolvedAtMs: number | null;
  /** Whether its expression ever held. */
  readonly everActive: boolean;
  /** False: the test was too long for the model. */
  readonly complete: boolean;
}

export interface AlertTiming {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly evaluationMs: number;
}

/** Samples read in one run: a test beyond that takes promtool too long as well. */
const MAX_WORK = 6_000_000;

/** Runs through the evaluations of a test from 0 to `endMs`; `untilFiring` stops at the first firing one. */
export function timeline(
  evaluator: Evaluator,
  expr: Expr,
  { forMs, keepFiringForMs, evaluationMs }: AlertTiming,
  endMs: number,
  untilFiring = false,
): Timeline {
  const since = new Map<string, number>();
  const lastSeen = new Map<string, number>();
  const firing = new Set<string>();
  let activeAtMs: number | null = null;
  let fireAtMs: number | null = null;
  let resolvedAtMs: number | null = null;
  let everActive = false;
  const limit = evaluator.work + MAX_WORK;
  for (let at = 0; at <= endMs && evaluator.work < limit; at += evaluationMs) {
    const keys = elementKeys(evaluator, expr, at);
    everActive ||= keys.size > 0;
    for (const key of [...since.keys()]) {
      if (keys.has(key)) continue;
      if (firing.has(key) && keepFiringForMs > 0 && at - (lastSeen.get(key) ?? at) <= keepFiringForMs) continue;
      since.delete(key);
      firing.delete(key);
    }
    for (const key of keys) {
      const start = since.get(key) ?? at;
      since.set(key, start);
      lastSeen.set(key, at);
      if (at - start < forMs) continue;
      firing.add(key);
      if (fireAtMs === null) [activeAtMs, fireAtMs] = [start, at];
    }
    if (fireAtMs !== null && firing.size === 0 && resolvedAtMs === null) resolvedAtMs = at;
    if (fireAtMs !== null && (untilFiring || resolvedAtMs !== null)) break;
  }
  // Given up half-way, nothing is known: neither that it fires nor that it is silent.
  const cut = evaluator.work >= limit && fireAtMs === null;
  return { activeAtMs, fireAtMs, resolvedAtMs, everActive, complete: !cut };
}

/** The label sets that come out at a moment; an evaluation that fails gives none. */
function elementKeys(evaluator: Evaluator, expr: Expr, tMs: number): Set<string> {
  try {
    const value = evaluator.valueAt(expr, tMs);
    if (typeof value === 'number') return new Set(['']);
    const keys = new Set(value.map(({ labels }) => keyOf(unnamed(labels))));
    return keys.size < value.length ? new Set() : keys;
  } catch (error) {
    if (error instanceof ModelError) return new Set();
    throw error;
  }
}
