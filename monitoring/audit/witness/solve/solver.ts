import { type Expr, walk } from '../../../promql/ast.ts';
import { type Choice, resolveAll } from '../labels/choose.ts';
import type { Branches } from '../labels/infer.ts';
import type { LabelSpace } from '../labels/space.ts';
import { Evaluator, ModelError } from '../model/evaluate.ts';
import { contains } from '../model/interval.ts';
import { pieceAt } from '../model/signal.ts';
import { keyOf, unnamed } from '../model/vector.ts';
import type { Clock } from '../model/world.ts';
import { solveAggregation } from './aggregation.ts';
import { solveBinary } from './binary.ts';
import { solveCall } from './calls.ts';
import { anything, type Context, type Want } from './context.ts';
import { setLevel, setSlope } from './leaf.ts';
import { SeriesPool, type SolvedSeries } from './state.ts';

export interface SolverOptions {
  readonly expr: Expr;
  readonly space: LabelSpace;
  readonly choice: Choice;
  readonly branches: Branches;
  readonly clock: Clock;
  /** Moments at which the expression should hold: the first and the last of the alert's `for`. */
  readonly times: readonly number[];
  /** Series get different pieces for different stretches of time. */
  readonly regional: boolean;
  /** Steps that a search may take before it gives up. */
  readonly budget: number;
}

/** So many samples read cost as much as reading a value. */
const STEPS_A_READ = 500;

/** Raised when a search has taken all its steps. */
export class BudgetSpent extends Error {}

/**
 * Solves an expression backwards: from what its value should be to the signals of its series. Every method works on one element of each result,
 * the one with the labels that were chosen for it, and leaves the series as far as it came.
 */
export class Solver {
  readonly expr: Expr;
  readonly space: LabelSpace;
  readonly choice: Choice;
  readonly branches: Branches;
  readonly clock: Clock;
  readonly times: readonly number[];
  readonly regional: boolean;
  readonly pool: SeriesPool;
  readonly #allowance: number;
  #budget: number;
  #evaluator: Evaluator;
  readonly #constant = new Map<Expr, boolean>();

  constructor({ expr, space, choice, branches, clock, times, regional, budget }: SolverOptions) {
    this.expr = expr;
    this.space = space;
    this.choice = choice;
    this.branches = branches;
    this.clock = clock;
    this.times = times;
    this.regional = regional;
    this.#allowance = budget;
    this.#budget = budget;
    this.pool = new SeriesPool(expr, space, choice);
    this.#evaluator = new Evaluator(this.pool.all, clock);
  }

  get evaluator(): Evaluator {
    return this.#evaluator;
  }

  /** Begins a new search with all its steps. */
  refill(): void {
    this.#budget = this.#allowance;
  }

  /** Changes series so that the expression has a value as wanted. False: it did not come about. */
  solve(expr: Expr, want: Want, context: Context): boolean {
    this.#budget -= 1;
    if (this.#budget < 0) throw new BudgetSpent();
    if (!context.slope && this.satisfied(expr, want, context)) return true;
    if (this.isConstant(expr)) return false;
    switch (expr.kind) {
      case 'selector':
        return context.slope
          ? setSlope(this, expr, want, context, { counter: false, rangeMs: 0 })
          : setLevel(this, expr, want, context, 0);
      case 'unary': {
        const flipped = want.map(({ lo, hi, loOpen, hiOpen }) => ({
          lo: -hi,
          hi: -lo,
          loOpen: hiOpen,
          hiOpen: loOpen,
        }));
        return this.solve(expr.expr, expr.op === '-' ? flipped : want, { ...context, prefer: -context.prefer });
      }
      case 'binary':
        return solveBinary(this, expr, want, context);
      case 'aggregation':
        return solveAggregation(this, expr, want, context);
      case 'call':
        return solveCall(this, expr, want, context);
      default:
        return false;
    }
  }

  /** Makes an expression have an element, whatever its value. */
  exist(expr: Expr, context: Context, prefer = context.prefer): boolean {
    return this.solve(expr, anything(this.times), { ...context, prefer });
  }

  satisfied(expr: Expr, want: Want, context: Context): boolean {
    return this.times.every((time, index) => {
      const value = this.readAt(expr, time, context);
      const wanted = want[index];
      // A division by zero is no state to build on: rounding makes it anything.
      return value !== null && wanted !== undefined && contains(wanted, value) && Math.abs(value) !== Infinity;
    });
  }

  /** The value of the chosen element at each reference time; null where it is not there. */
  read(expr: Expr, context: Context): (number | null)[] {
    return this.times.map((time) => this.readAt(expr, time, context));
  }

  readAt(expr: Expr, tMs: number, context: Context): number | null {
    // Many series make a step as much longer.
    this.#budget -= 1 + this.pool.all.length / 16;
    if (this.#budget < 0) throw new BudgetSpent();
    try {
      const before = this.#evaluator.work;
      const value = this.#evaluator.valueAt(expr, tMs);
      this.#budget -= (this.#evaluator.work - before) / STEPS_A_READ;
      if (typeof value === 'number') return value;
      const output = this.space.outputs.get(expr);
      const [first] = value;
      if (first === undefined) return null;
      if (output === undefined) return first.value;
      const key = keyOf(unnamed(resolveAll(output, this.space, this.choice, context.only)));
      const exact = value.find(({ labels }) => keyOf(unnamed(labels)) === key);
      return exact?.value ?? (context.only.size > 0 ? null : first.value);
    } catch (error) {
      if (error instanceof ModelError) {
        this.#budget -= 20;
        return null;
      }
      throw error;
    }
  }

  isConstant(expr: Expr): boolean {
    let known = this.#constant.get(expr);
    if (known === undefined) {
      known = ![...walk(expr)].some(({ kind }) => kind === 'selector');
      this.#constant.set(expr, known);
    }
    return known;
  }

  slopeOf(series: SolvedSeries): number {
    return pieceAt(series.signal, this.times.at(-1) ?? 0).slope;
  }

  /** Gives a class of labels more values, and its selectors the series for them. */
  fanOut(id: number, values: readonly string[]): boolean {
    this.choice.set(id, values);
    const leaves = this.space.classes().find((one) => one.id === id)?.leaves ?? [];
    const fits = leaves.every((leaf) => this.pool.refresh(leaf));
    this.#evaluator = new Evaluator(this.pool.all, this.clock);
    return fits;
  }
}
