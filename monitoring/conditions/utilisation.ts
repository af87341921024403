import type { Resource } from '../../thresholds/model.ts';
import { aggregateBy, selector } from '../promql/text.ts';
import { type ConditionExpression, ownMatchers } from './condition.ts';

/**
 * A resource is filled beyond its limit. A size of 0 means "unlimited" to those who export it, and such a resource never fills. Several
 * resources are joined by `or`.
 */
export const utilisation: ConditionExpression<'utilisation'> = (condition, context) => {
  const parts = condition.of.map((resource) => `${usedShare(resource, ownMatchers(context))} > ${condition.above}`);
  return parts.length === 1 ? (parts[0] ?? '') : parts.map((part) => `(${part})`).join('\nor\n');
};

function usedShare({ level, size, where, by }: Resource, own: readonly string[]): string {
  const matchers = [...own, where];
  const free = level.means === 'free';
  const part = aggregateBy(free ? 'min' : 'max', by, selector(level.metric, matchers));
  const whole = typeof size === 'number' ? `${size}` : `(${aggregateBy('max', by, selector(size, matchers))} > 0)`;
  return free ? `1 - ${part} / ${whole}` : `${part} / ${whole}`;
}
