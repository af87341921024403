import type { Expr, Span } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import { aggregation } from './operators/aggregation.ts';
import { boolModifier } from './operators/bool-modifier.ts';
import { comparison } from './operators/comparison.ts';
import { grouping } from './operators/grouping.ts';
import { holding } from './operators/holding.ts';
import { label } from './operators/label.ts';
import { matcher } from './operators/matcher.ts';
import { matching } from './operators/matching.ts';
import { offset } from './operators/offset.ts';
import { rateFunction } from './operators/rate-function.ts';
import { rename } from './operators/rename.ts';
import { setOperator } from './operators/set-operator.ts';
import { threshold } from './operators/threshold.ts';
import { window } from './operators/window.ts';

/** What mutation reads of an alerting rule, and what it may change. */
export interface MutableRule {
  readonly alert: string;
  readonly expr: string;
  readonly ast: Expr;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Its labels or annotations show the value of the expression. */
  readonly showsValue: boolean;
}

/** The parts of a rule that a mutant changes. */
export type RuleChange = Partial<Pick<MutableRule, 'alert' | 'expr' | 'forMs' | 'keepFiringForMs' | 'labels'>>;

/** One small fault put into a rule, as a person could put it there by mistake. */
export interface Mutation {
  /** For people: `> becomes >=`. */
  what: string;
  change: RuleChange;
  /** Place in the expression; null where another field changes. */
  at: Span | null;
}

/** A mutation with its name in the report. */
export interface Mutant extends Mutation {
  /** Number within its rule, from 1: the same for the same rule. */
  id: string;
  operator: OperatorName;
}

/** Every operator by its name in the report; one file each. */
const OPERATORS = {
  threshold,
  comparison,
  matcher,
  for: holding,
  window,
  rate: rateFunction,
  aggregation,
  grouping,
  set: setOperator,
  bool: boolModifier,
  matching,
  offset,
  label,
  rename,
} satisfies Record<string, (rule: MutableRule) => Mutation[]>;

export type OperatorName = keyof typeof OPERATORS;

/** All mutants of a rule, in a fixed order. Those whose expression would not parse or would be the same are left out. */
export function mutantsOf(rule: MutableRule): Mutant[] {
  const seen = new Set<string>([rule.expr]);
  const mutants: Mutant[] = [];
  for (const [operator, mutate] of Object.entries(OPERATORS)) {
    for (const mutation of mutate(rule)) {
      const { expr } = mutation.change;
      if (expr !== undefined) {
        if (seen.has(expr) || !parsePromql(expr).ok) continue;
        seen.add(expr);
      }
      mutants.push({ ...mutation, operator: operator as OperatorName, id: String(mutants.length + 1) });
    }
  }
  return mutants;
}
