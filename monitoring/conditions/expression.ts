import type { Condition } from '../../thresholds/model.ts';
import type { ConditionContext, ConditionExpression } from './condition.ts';
import { errorShare } from './error-share.ts';
import { errorsSeen } from './errors-seen.ts';
import { latencyQuantile } from './latency-quantile.ts';
import { targetDown } from './target-down.ts';

/** One file for each kind; a new kind is one more of both. */
const EXPRESSIONS: { [K in Condition['kind']]: ConditionExpression<K> } = {
  'target-down': targetDown,
  'latency-quantile': latencyQuantile,
  'error-share': errorShare,
  'errors-seen': errorsSeen,
};

/**
 * The PromQL of an alert's condition: matches on the alert's system, keeps system, service and environment on its result.
 * @throws DerivationError when the catalogue names no metric that the condition could look at.
 */
export function conditionExpression(context: ConditionContext): string {
  const { condition } = context.alert;
  // The map's key and the condition's kind are the same by its type, which TypeScript cannot follow through the look-up.
  const expression = EXPRESSIONS[condition.kind] as ConditionExpression<Condition['kind']>;
  return expression(condition as never, context);
}
