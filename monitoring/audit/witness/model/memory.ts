import type { Expr } from '../../../promql/ast.ts';
import type { Element } from './vector.ts';
import { type Clock, type ModelSeries, window } from './world.ts';

type Values = Map<number, number | Element[]>;
type Point = readonly [number, number];

/** What an evaluator knows already of series that never change. Expressions are known by identity: equal parts are to be one object. */
export class Memory {
  readonly #values = new Map<Expr, Values>();
  readonly #samples = new Map<ModelSeries, { untilMs: number; points: Point[] }>();

  /** Values of an expression by their moment in milliseconds. */
  valuesOf(expr: Expr): Values {
    let values = this.#values.get(expr);
    if (values === undefined) {
      values = new Map();
      this.#values.set(expr, values);
    }
    return values;
  }

  /** The samples of a window, both edges with it; null on clocks that leave the older edge out. */
  window(series: ModelSeries, fromMs: number, toMs: number, clock: Clock): readonly Point[] | null {
    if (clock.leftOpen) return null;
    let known = this.#samples.get(series);
    if (known === undefined) {
      known = { untilMs: -1, points: [] };
      this.#samples.set(series, known);
    }
    const { points } = known;
    if (known.untilMs < toMs) {
      for (const point of window(series, known.untilMs + 1, toMs, clock)) points.push(point);
      known.untilMs = toMs;
    }
    return points.slice(firstAfter(points, fromMs - 1), firstAfter(points, toMs));
  }
}

/** Index of the first point later than a moment. */
function firstAfter(points: readonly Point[], tMs: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.[0] ?? 0) > tMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
