import type { WitnessSeries } from '../../audit/witness/types.ts';
import type { Expr } from '../../promql/ast.ts';
import { walk } from '../../promql/ast.ts';
import { keyOf } from './blend.ts';
import type { DrillRule } from './rule.ts';
import { selects } from './selects.ts';

/** `control` is a fault that a rule broken on purpose must miss. */
export type Role = 'fault' | 'near' | 'healthy' | 'control';

/** The label by which the series of a script, and the alerts that they fire, are told from all others. */
export interface Context {
  readonly label: string;
  readonly value: string;
}

/** Series that are played to the rules. Times are the witness's: milliseconds from its start, real time. */
export interface Script {
  readonly id: string;
  /** The alert that it is about. */
  readonly rule: DrillRule;
  readonly role: Role;
  /** Null: no label keeps its alerts apart, so that it has a lane of its own. */
  readonly context: Context | null;
  readonly series: readonly WitnessSeries[];
  readonly description: string;
}

/** The series with the label of a context; null where two of them would become one. */
export function inContext(series: readonly WitnessSeries[], context: Context | null): WitnessSeries[] | null {
  if (context === null) return [...series];
  const marked = series.map((one) => ({ ...one, labels: { ...one.labels, [context.label]: context.value } }));
  return new Set(marked.map(keyOf)).size === marked.length ? marked : null;
}

/** Whether an alert with these labels may come from a rule: its name, and every label that the rule sets without a template. */
export function firedBy(
  { name, labels: own }: Pick<DrillRule, 'name' | 'labels'>,
  labels: WitnessSeries['labels'],
): boolean {
  if (labels.alertname !== name) return false;
  return Object.entries(own).every(([label, value]) => value.includes('{{') || (labels[label] ?? '') === value);
}

/** Whether the alerts of two rules could be taken for each other. */
export function same(a: Pick<DrillRule, 'name' | 'labels'>, b: Pick<DrillRule, 'name' | 'labels'>): boolean {
  return firedBy(a, { ...b.labels, alertname: b.name }) || firedBy(b, { ...a.labels, alertname: a.name });
}

const COUNTING = new Set(['rate', 'irate', 'increase', 'resets']);

/** Tells counters by what expressions do with them. */
export function counterTest(expressions: readonly Expr[]): (labels: WitnessSeries['labels']) => boolean {
  const counted = expressions.flatMap((expr) =>
    [...walk(expr)].flatMap((node) => {
      if (node.kind !== 'call' || !COUNTING.has(node.func)) return [];
      return node.args.flatMap((argument) => [...walk(argument)].filter((inner) => inner.kind === 'selector'));
    }),
  );
  return (labels) => counted.some((selector) => selects(selector, labels));
}
