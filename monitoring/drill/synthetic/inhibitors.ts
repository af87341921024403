import { inhibits } from '../../audit/mutants/alertmanager/evaluate.ts';
import type { Labels, Routing } from '../../audit/mutants/alertmanager/routing.ts';
import type { Expr } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import { printPromql } from '../../promql/print.ts';
import type { DrillRule } from './rule.ts';

/** More of them make an expression that no search gets through. */
const MAX_INHIBITORS = 4;

/** The alerts that would keep an alert from being delivered while they fire beside it, as far as the labels that their rules set tell. */
export function inhibitorsOf(rule: DrillRule, alerts: readonly DrillRule[], routing: Routing): DrillRule[] {
  const found = alerts.filter((other) => {
    if (other.id === rule.id) return false;
    const [own, its] = [labelsOf(rule), labelsOf(other)];
    // What only the series tell is taken for equal.
    return inhibits(routing, { ...its, ...missing(own, its, routing) }, { ...own, ...missing(its, own, routing) });
  });
  return found.slice(0, MAX_INHIBITORS);
}

/** An expression that holds where the alert's own does and none of the inhibitors': series that fire the alert alone. */
export function aloneExpr(own: Expr, inhibitors: readonly Expr[], labels: readonly string[]): Expr | null {
  const others = inhibitors.map((each) => ` unless on (${labels.join(', ')}) (${printPromql(each)})`);
  const parsed = parsePromql(`(${printPromql(own)})${others.join('')}`);
  return parsed.ok ? parsed.expr : null;
}

/** The labels that inhibition compares and the rule does not set itself. */
export function comparedLabels({ labels }: DrillRule, routing: Routing): string[] {
  const equal = new Set(routing.inhibitRules.flatMap((rule) => rule.equal));
  return [...equal].filter((label) => !Object.hasOwn(labels, label));
}

function labelsOf({ name, labels }: DrillRule): Labels {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return { ...Object.fromEntries(fixed), alertname: name };
}

function missing(from: Labels, to: Labels, { inhibitRules }: Routing): Labels {
  const equal = inhibitRules.flatMap((rule) => rule.equal);
  return Object.fromEntries(
    equal.filter((label) => !Object.hasOwn(to, label)).map((label) => [label, from[label] ?? 'any']),
  );
}
