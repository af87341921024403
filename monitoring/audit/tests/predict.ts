import type { Expr } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import type { MutableRule, Mutant } from '../mutants/mutant.ts';
import { Evaluator, ModelError } from '../witness/model/evaluate.ts';
import { createInterner } from '../witness/model/intern.ts';
import { Memory } from '../witness/model/memory.ts';
import type { Piece } from '../witness/model/signal.ts';
import { keyOf, unnamed } from '../witness/model/vector.ts';
import type { ModelSeries } from '../witness/model/world.ts';
import type { Segment, Witness } from '../witness/types.ts';
import type { Moment } from './observation.ts';
import type { Trial } from './trial.ts';

/** What the model expects of a trial: where each mutant does something else than its original. It guides the choice; promtool decides. */
export type Prediction = ReadonlyMap<Mutant, readonly Moment[]>;

/** A rule as the model runs it. */
interface Variant {
  ast: Expr;
  forMs: number;
  keepFiringForMs: number;
  /** Told apart from the original wherever something fires. */
  labelled: string;
  /** Its annotations tell the value. */
  showsValue: boolean;
}

/** Runs a rule in the model. */
export interface Predictor {
  /** What fires at each moment of a trial, as texts; empty for nothing. Null where the rule fails, or has no meaning in the model. */
  firing(trial: Trial): string[] | null;
  /** Where some of its mutants do something else. */
  differs(mutants: readonly Mutant[], trials: readonly Trial[]): Prediction;
}

/** A predictor for a rule. Mutants are parsed once, however often they run. */
export function createPredictor(rule: MutableRule, witness: Pick<Witness, 'intervalMs' | 'evaluationMs'>): Predictor {
  const variants = new Map<Mutant, Variant | null>();
  const intern = createInterner();
  const interned = (variant: Variant | null) => variant && { ...variant, ast: intern(variant.ast) };
  const variantFor = (mutant: Mutant) => {
    const known = variants.get(mutant);
    if (known !== undefined) return known;
    const variant = interned(variantOf(rule, mutant));
    variants.set(mutant, variant);
    return variant;
  };
  const own: Variant = { ...rule, ast: intern(rule.ast), labelled: '' };
  const firingIn = (trial: Trial, run: ReturnType<typeof runner>): string[] | null => {
    try {
      return trial.timesMs.map((timeMs) => run(own, timeMs));
    } catch (error) {
      if (error instanceof ModelError) return null;
      throw error;
    }
  };
  return {
    firing: (trial) => firingIn(trial, runner(trial, witness)),
    differs(mutants, trials) {
      const found = new Map<Mutant, Moment[]>();
      for (const trial of trials) {
        const run = runner(trial, witness);
        const firing = firingIn(trial, run);
        // Where the rule itself fails, nothing can be told.
        if (firing === null) continue;
        for (const mutant of mutants) {
          const variant = variantFor(mutant);
          if (variant === null) continue;
          for (const [index, timeMs] of trial.timesMs.entries()) {
            if (same(() => run(variant, timeMs), firing[index])) continue;
            const moments = found.get(mutant) ?? [];
            moments.push({ trial, timeMs });
            found.set(mutant, moments);
          }
        }
      }
      return found;
    },
  };
}

/** An evaluation that fails is something else than any result. */
function same(run: () => string, expected: string | undefined): boolean {
  try {
    return run() === expected;
  } catch (error) {
    if (error instanceof ModelError) return false;
    throw error;
  }
}

function variantOf(rule: MutableRule, { change }: Mutant): Variant | null {
  const { showsValue } = rule;
  const { expr, forMs = rule.forMs, keepFiringForMs = rule.keepFiringForMs, labels } = change;
  const labelled = labels === undefined ? '' : JSON.stringify(labels);
  if (expr === undefined) return { ast: rule.ast, forMs, keepFiringForMs, labelled, showsValue };
  const parsed = parsePromql(expr);
  return parsed.ok ? { ast: parsed.expr, forMs, keepFiringForMs, labelled, showsValue } : null;
}

/** Says what fires at a time of a trial, as a text. What an expression gives at a time is worked out once. */
function runner(trial: Trial, { intervalMs, evaluationMs }: Pick<Witness, 'intervalMs' | 'evaluationMs'>) {
  const series = trial.series.map(({ labels, segments }): ModelSeries => {
    const [first = { fromMs: 0, value: null, slope: 0 }, ...rest] = segments.map((segment) =>
      pieceOf(segment, intervalMs),
    );
    return { labels, signal: [first, ...rest], present: true };
  });
  const evaluator = new Evaluator(series, { intervalMs, evaluationMs, leftOpen: false }, new Memory());
  const memory = new Map<Expr, Map<number, ReadonlyMap<string, number>>>();
  const active = (ast: Expr, tMs: number): ReadonlyMap<string, number> => {
    const times = memory.get(ast) ?? new Map<number, ReadonlyMap<string, number>>();
    memory.set(ast, times);
    let keys = times.get(tMs);
    if (keys === undefined) {
      const value = evaluator.evaluate(ast, tMs);
      keys = new Map(
        typeof value === 'number' ? [['', value]] : value.map((each) => [keyOf(unnamed(each.labels)), each.value]),
      );
      times.set(tMs, keys);
    }
    return keys;
  };
  return ({ ast, forMs, keepFiringForMs, labelled, showsValue }: Variant, timeMs: number): string => {
    const since = (key: string, endMs: number) => {
      let start = endMs;
      while (start - evaluationMs >= 0 && endMs - start < forMs && active(ast, start - evaluationMs).has(key))
        start -= evaluationMs;
      return endMs - start;
    };
    const firing = new Set<string>();
    for (let at = timeMs; at >= 0 && timeMs - at <= keepFiringForMs; at -= evaluationMs) {
      for (const key of active(ast, at).keys()) if (since(key, at) >= forMs) firing.add(key);
    }
    if (firing.size === 0) return '';
    const values = showsValue ? active(ast, timeMs) : null;
    const shown = (key: string) => (values === null ? key : `${key} ${values.get(key)?.toPrecision(6)}`);
    return `${labelled}${[...firing].sort().map(shown).join('\n')}.`;
  };
}

function pieceOf({ fromMs, value, slopePerSecond, toggle, everySamples }: Segment, intervalMs: number): Piece {
  return {
    fromMs,
    value,
    slope: slopePerSecond,
    ...(toggle === undefined ? {} : { toggle: { by: toggle.by, everyMs: toggle.everySamples * intervalMs } }),
    ...(everySamples === undefined ? {} : { sparseMs: everySamples * intervalMs }),
  };
}
