import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { labelFacts, mayHave } from '../audit/analysis/labels.ts';
import { DerivationError } from '../derivation-error.ts';
import { parsePromql } from '../promql/parse.ts';
import { aggregateBy, IDENTITY_LABELS, selector } from '../promql/text.ts';
import { breaches, type ConditionContext, type ConditionExpression, ownMatchers } from './condition.ts';

/**
 * A gauge, or any expression, is beyond its limit. Of several instances of a service the worst one counts, so that a restart on
 * another host does not begin `for` anew.
 */
export const threshold: ConditionExpression<'threshold'> = (condition, context) => {
  const { of, windowMs, breach } = condition;
  const window = formatPrometheusDuration(windowMs);
  if ('expr' in of) {
    const expr = of.expr.replaceAll('$matchers', ownMatchers(context).join(',')).replaceAll('$window', window);
    assertKeepsIdentity(expr, context);
    return `(${expr})\n${breaches(condition)}`;
  }
  const gauge = selector(of.metric, [...ownMatchers(context), of.where]);
  const level = windowMs === 0 ? gauge : `avg_over_time(${gauge}[${window}])`;
  return `${aggregateBy(breach === 'above' ? 'max' : 'min', of.by, level)} ${breaches(condition)}`;
};

function assertKeepsIdentity(text: string, { alert: { place, name } }: ConditionContext): void {
  const parsed = parsePromql(text);
  if (!parsed.ok)
    throw new DerivationError(place, `the expression of ${name} is not PromQL: ${parsed.errors[0].message}`);
  const facts = labelFacts(parsed.expr, () => null);
  const lost = IDENTITY_LABELS.filter((label) => !mayHave(facts, label));
  if (lost.length === 0) return;
  const identity = IDENTITY_LABELS.join(', ');
  throw new DerivationError(
    place,
    `the expression of ${name} loses ${lost.join(', ')}, so that no route can tell whose alert it is; aggregate by (${identity})`,
  );
}
