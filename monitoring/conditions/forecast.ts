import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { aggregateBy, selector } from '../promql/text.ts';
import { breaches, type ConditionExpression, ownMatchers } from './condition.ts';

/** The last part of the window, in which the trend must still go on: one big file yesterday is no trend today. */
const RECENT = 6;

/**
 * Drawn on as a straight line, the gauge reaches its limit in time. A line through hours of noise reaches everything, so two
 * things must hold beside: it has passed `from` already, and it still moves towards the limit.
 */
export const forecast: ConditionExpression<'forecast'> = (condition, context) => {
  const { metric, size, where, by, withinMs, windowMs, from, breach } = condition;
  const matchers = [...ownMatchers(context), where];
  const gauge = selector(metric, matchers);
  const worst = (inner: string) => aggregateBy(breach === 'above' ? 'max' : 'min', by, inner);
  const scale = size === null ? '' : ` / ${aggregateBy('max', by, selector(size, matchers))}`;
  const window = formatPrometheusDuration(windowMs);
  const recent = formatPrometheusDuration(windowMs / RECENT);
  return [
    `${worst(`predict_linear(${gauge}[${window}], ${withinMs / 1_000})`)}${scale} ${breaches(condition)}`,
    `${worst(gauge)}${scale} ${breaches({ breach, limit: from })}`,
    `${worst(`deriv(${gauge}[${recent}])`)} ${breaches({ breach, limit: 0 })}`,
  ].join('\nand\n');
};
