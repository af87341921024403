import type { Expr, Span } from '../../promql/ast.ts';
import { inferLabels, universeOf } from './labels/infer.ts';

/** Why an expression never yields anything, and the part that makes it so. Null: no reason is known. */
export function provenImpossible(expr: Expr): { readonly reason: string; readonly at: Span } | null {
  const [conflict] = inferLabels(expr, universeOf(expr), new Map()).conflicts;
  if (conflict === undefined) return null;
  return { reason: `label ${conflict.label}: ${conflict.detail}`, at: { from: conflict.at.from, to: conflict.at.to } };
}
