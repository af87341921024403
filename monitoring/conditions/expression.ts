import type { Condition } from '../../thresholds/model.ts';
import type { ConditionContext, ConditionExpression } from './condition.ts';
import { errorShare } from './error-share.ts';
import { errorsSeen } from './errors-seen.ts';
import { forecast } from './forecast.ts';
import { latencyExceeded } from './latency-exceeded.ts';
import { latencyMean } from './latency-mean.ts';
import { latencyQuantile } from './latency-quantile.ts';
import { metricMissing } from './metric-missing.ts';
import { share } from './share.ts';
import { targetDown } from './target-down.ts';
import { threshold } from './threshold.ts';
import { utilisation } from './utilisation.ts';

/** One file for each kind; a new kind is one more of both. */
const EXPRESSIONS: { [K in Condition['kind']]: ConditionExpression<K> } = {
  'target-down': targetDown,
  'latency-quantile': latencyQuantile,
  'latency-mean': latencyMean,
  'latency-exceeded': latencyExceeded,
  'error-share': errorShare,
  'errors-seen': errorsSeen,
  threshold,
  share,
  utilisation,
  forecast,
  'metric-missing': metricMissing,
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
