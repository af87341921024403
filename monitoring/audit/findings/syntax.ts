import type { PromqlError } from '../../promql/ast.ts';
import { placeIn, type Rule } from '../rule-file/model.ts';
import type { Finding } from './finding.ts';

/** The finding for an expression that Prometheus cannot read: it refuses the whole file. */
export function syntaxFinding(rule: Rule, error: PromqlError): Finding {
  return {
    id: 'syntax',
    severity: 'error',
    place: placeIn(rule.expr, error.from),
    length: Math.max(1, error.to - error.from),
    explanation: `Not PromQL: ${error.message}. Prometheus refuses the whole file.`,
    fix: misplacedGrouping(rule.expr.text, error.from) ?? 'correct the expression',
    related: [],
  };
}

/** `rate(x[5m]) by (a)`: only an aggregation takes `by`. */
function misplacedGrouping(text: string, at: number): string | null {
  const grouping = /^(?:by|without)\s*\([^()]*\)/.exec(text.slice(at))?.[0];
  if (grouping === undefined) return null;
  const call = /\w+\s*\([^()]*\)\s*$/.exec(text.slice(0, at))?.[0].trim();
  return call === undefined ? null : `only an aggregation takes it: sum ${grouping} (${call})`;
}
