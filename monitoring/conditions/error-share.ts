import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { DerivationError } from '../derivation-error.ts';
import { selector, sumBy } from '../promql/text.ts';
import { type ConditionExpression, enough, overMetrics } from './condition.ts';

/**
 * The share of failed requests is above its limit: a share, so that one limit fits busy and quiet hours. Services without
 * any request, whose share would be 0/0, and those with fewer than `minEvents` are left out.
 */
export const errorShare: ConditionExpression<'error-share'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  const expr = overMetrics(
    context,
    (service) => service.signals.requests ?? undefined,
    ({ metric, errors }, matchers) => {
      const all = [...matchers, condition.where];
      const failed = sumBy([], `increase(${selector(metric, [...all, errors])}[${window}])`);
      const total = sumBy([], `increase(${selector(metric, all)}[${window}])`);
      return `${failed}\n/\n(${total} ${enough(condition)})\n> ${condition.above}`;
    },
  );
  if (expr !== undefined) return expr;
  throw new DerivationError(
    context.alert.place,
    `${context.alert.name} watches errors, but no service that it watches names signals.requests; name its metric and the matcher of failures`,
  );
};
