import type { CatalogueDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { checkConditionMetrics } from './condition-metrics.ts';

type Alert = NonNullable<CatalogueDocument['alerts']>[number];

/** A condition: one side of a limit, one source, and metrics that its services declare. */
export function checkCondition(context: MeaningContext, path: Path, alert: Alert): void {
  const { condition } = alert;
  if (condition.kind === 'threshold') {
    exactlyOne(context, path, condition, ['metric', 'expr']);
    if (condition.expr !== undefined && (condition.where !== undefined || condition.by !== undefined)) {
      context.report([...path, 'expr'], 'where and by belong to a metric', 'write them into the expression', {
        part: 'key',
      });
    }
  }
  if (condition.kind === 'threshold' || condition.kind === 'share' || condition.kind === 'forecast') {
    exactlyOne(context, path, condition, ['above', 'below']);
  }
  if (condition.kind === 'utilisation') {
    for (const [at, resource] of condition.of.entries()) {
      exactlyOne(context, [...path, 'of', at], resource, ['used', 'free']);
    }
  }
  if (condition.kind === 'forecast') checkForecast(context, path, condition);
  checkConditionMetrics(context, path, alert);
}

function exactlyOne<K extends string>(
  { report }: MeaningContext,
  path: Path,
  from: Partial<Record<K, unknown>>,
  keys: readonly [K, K],
): void {
  const given = keys.filter((key) => from[key] !== undefined);
  if (given.length === 1) return;
  const [one, other] = keys;
  if (given.length === 0) report(path, `needs ${one} or ${other}`, `add ${one}: or ${other}:`, { part: 'key' });
  else report([...path, other], `${one} and ${other} exclude each other`, 'leave one out', { part: 'key' });
}

/** A level that must be passed first lies on the way to the limit. */
function checkForecast(
  { report }: MeaningContext,
  path: Path,
  { above, below, from }: Extract<Alert['condition'], { kind: 'forecast' }>,
): void {
  const limit = above ?? below;
  if (limit === undefined || (above === undefined ? from > limit : from < limit)) return;
  const side = above === undefined ? 'above' : 'below';
  report(
    [...path, 'from'],
    `must be ${side} the limit of ${limit}, on the way to it`,
    `write a level ${side} ${limit}`,
  );
}
