import type { Expr } from '../../../../promql/ast.ts';
import type { FunctionModel } from '../functions.ts';
import type { Labels } from '../world.ts';

/** The labels that `absent` gives: those of plain matchers that stand once. */
export function absentLabels(expr: Expr | undefined): Labels {
  const selector = expr?.kind === 'matrix' ? expr.selector : expr;
  if (selector?.kind !== 'selector') return {};
  const labels: Record<string, string> = {};
  const dropped = new Set<string>();
  for (const { label, op, value } of selector.matchers) {
    if (op === '=' && labels[label] === undefined && label !== '__name__') labels[label] = value;
    else dropped.add(label);
  }
  return Object.fromEntries(Object.entries(labels).filter(([name, value]) => !dropped.has(name) && value !== ''));
}

export const PRESENCE: Readonly<Record<string, FunctionModel>> = {
  absent: (call, tMs, evaluator) =>
    evaluator.vector(call.args[0], tMs).length > 0 ? [] : [{ labels: absentLabels(call.args[0]), value: 1 }],
  absent_over_time: (call, tMs, evaluator) =>
    evaluator.range(call.args[0], tMs).series.some(({ points }) => points.length > 0)
      ? []
      : [{ labels: absentLabels(call.args[0]), value: 1 }],
  scalar: (call, tMs, evaluator) => {
    const [first, ...others] = evaluator.vector(call.args[0], tMs);
    return first === undefined || others.length > 0 ? Number.NaN : first.value;
  },
  vector: (call, tMs, evaluator) => [{ labels: {}, value: evaluator.scalar(call.args[0], tMs) }],
};
