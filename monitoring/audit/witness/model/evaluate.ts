import type { Expr, Subquery, VectorSelector } from '../../../promql/ast.ts';
import { aggregate } from './aggregate.ts';
import { combine } from './binary.ts';
import { FUNCTIONS } from './functions.ts';
import type { Memory } from './memory.ts';
import { type Element, keyOf, type RangeElement, unnamed } from './vector.ts';
import { allMatchers, type Clock, latest, type ModelSeries, selects, window } from './world.ts';

/** Raised where the expression gives no result: many matches where one is allowed, duplicate elements, an unknown function. */
export class ModelError extends Error {}

export interface Window {
  readonly series: readonly RangeElement[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** Samples and steps that one evaluation may take. */
const MAX_WORK = 400_000;
const ONE_STEP = [null];

/**
 * What an expression gives over modelled series. It guides the search and says nothing by itself: every witness is confirmed by promtool.
 */
export class Evaluator {
  readonly clock: Clock;
  /** Samples read and steps of subqueries taken so far: what evaluations cost. */
  work = 0;
  #limit = Infinity;
  readonly #series: readonly ModelSeries[];
  readonly #selected = new Map<VectorSelector, readonly ModelSeries[]>();
  readonly #memory: Memory | null;

  /** @param memory for series that never change: each part of an expression is evaluated once at each moment. */
  constructor(series: readonly ModelSeries[], clock: Clock, memory: Memory | null = null) {
    this.#series = series;
    this.clock = clock;
    this.#memory = memory;
  }

  /** The value of an expression at a moment. @throws ModelError also where it would take too many steps, as nested subqueries do. */
  valueAt(expr: Expr, tMs: number): number | Element[] {
    this.#limit = this.work + MAX_WORK;
    return this.evaluate(expr, tMs);
  }

  /** @throws ModelError */
  vector(expr: Expr | undefined, tMs: number): Element[] {
    const value = this.evaluate(expr, tMs);
    return typeof value === 'number' ? [{ labels: {}, value }] : value;
  }

  /** @throws ModelError */
  scalar(expr: Expr | undefined, tMs: number): number {
    const value = this.evaluate(expr, tMs);
    return typeof value === 'number' ? value : (value[0]?.value ?? Number.NaN);
  }

  evaluate(expr: Expr | undefined, tMs: number): number | Element[] {
    if (this.#memory === null || expr === undefined || expr.kind === 'number') return this.#evaluateAnew(expr, tMs);
    const known = this.#memory.valuesOf(expr);
    let value = known.get(tMs);
    if (value === undefined) {
      value = this.#evaluateAnew(expr, tMs);
      known.set(tMs, value);
    }
    return value;
  }

  #evaluateAnew(expr: Expr | undefined, tMs: number): number | Element[] {
    switch (expr?.kind) {
      case 'number':
        return expr.value;
      case 'selector':
        return this.#instant(expr, tMs);
      case 'unary': {
        const inner = this.evaluate(expr.expr, tMs);
        if (expr.op === '+') return inner;
        if (typeof inner === 'number') return -inner;
        return inner.map(({ labels, value }) => ({ labels: unnamed(labels), value: -value }));
      }
      case 'binary':
        return combine(expr, this.evaluate(expr.left, tMs), this.evaluate(expr.right, tMs));
      case 'aggregation': {
        const param = expr.param === null || expr.param.kind === 'string' ? Number.NaN : this.scalar(expr.param, tMs);
        return aggregate(expr, this.vector(expr.expr, tMs), param);
      }
      case 'call': {
        const model = FUNCTIONS[expr.func];
        if (model === undefined) throw new ModelError(`the function ${expr.func}`);
        const result = model(expr, tMs, this);
        if (typeof result !== 'number') distinct(result);
        return result;
      }
      default:
        throw new ModelError(`a ${expr?.kind ?? 'missing'} expression here`);
    }
  }

  /** The samples of a range or subquery. */
  range(expr: Expr | undefined, tMs: number): Window {
    if (expr?.kind === 'subquery') return this.#subquery(expr, tMs);
    if (expr?.kind !== 'matrix') throw new ModelError('a window where none stands');
    const toMs = this.moment(expr.selector, tMs);
    const fromMs = toMs - expr.range.ms;
    const series = this.selected(expr.selector).map((one) => ({
      labels: one.labels,
      points: this.#counted(this.#window(one, fromMs, Math.min(toMs, tMs))),
    }));
    return { series, fromMs, toMs };
  }

  /** The series that a selector finds. */
  selected(selector: VectorSelector): readonly ModelSeries[] {
    let found = this.#selected.get(selector);
    if (found === undefined) {
      const matchers = allMatchers(selector);
      found = this.#series.filter(({ labels }) => selects(matchers, labels));
      this.#selected.set(selector, found);
    }
    return found.filter(({ present }) => present);
  }

  /** The moment at which a selector or subquery looks. */
  moment({ offset, at }: Pick<VectorSelector, 'offset' | 'at'>, tMs: number): number {
    return (typeof at === 'number' ? at * 1_000 : tMs) - (offset?.ms ?? 0);
  }

  #window(series: ModelSeries, fromMs: number, toMs: number): RangeElement['points'] {
    return this.#memory?.window(series, fromMs, toMs, this.clock) ?? window(series, fromMs, toMs, this.clock);
  }

  #counted<T extends { readonly length: number }>(points: T): T {
    this.work += points.length;
    if (this.work > this.#limit) throw new ModelError('too many steps');
    return points;
  }

  #instant(selector: VectorSelector, tMs: number): Element[] {
    const at = this.moment(selector, tMs);
    return this.selected(selector).flatMap((series) => {
      const sample = latest(series, at, this.clock, tMs);
      return sample === null ? [] : [{ labels: series.labels, value: sample.value }];
    });
  }

  #subquery(expr: Subquery, tMs: number): Window {
    const toMs = this.moment(expr, tMs);
    const fromMs = toMs - expr.range.ms;
    const step = expr.step?.ms || this.clock.evaluationMs;
    const found = new Map<string, { labels: Element['labels']; points: [number, number][] }>();
    for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) {
      if (this.clock.leftOpen && at === fromMs) continue;
      this.#counted(ONE_STEP);
      for (const { labels, value } of this.vector(expr.expr, at)) {
        const key = keyOf(labels);
        const entry = found.get(key) ?? { labels, points: [] };
        entry.points.push([at, value]);
        found.set(key, entry);
      }
    }
    return { series: [...found.values()], fromMs, toMs };
  }
}

function distinct(elements: readonly Element[]): void {
  if (elements.length < 2) return;
  if (new Set(elements.map(({ labels }) => keyOf(labels))).size < elements.length) {
    throw new ModelError('several elements with the same labels');
  }
}
