import type { MutableRule } from '../../../../monitoring/audit/mutants/mutant.ts';
import { parsePromql } from '../../../../monitoring/promql/parse.ts';

/** A rule named Test around an expression. */
export function mutable(expr: string, rest: Partial<MutableRule> = {}): MutableRule {
  const parsed = parsePromql(expr);
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.errors[0].message}`);
  return {
    alert: 'Test',
    expr,
    ast: parsed.expr,
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    showsValue: false,
    ...rest,
  };
}
