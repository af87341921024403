import type { Aggregation } from '../../../promql/ast.ts';
import { mean, quantile, sum, variance } from './functions/over-time.ts';
import { type Element, keyOf, only, unnamed, withLabel, without } from './vector.ts';

const NO_LABELS: Element['labels'] = {};

/** An aggregation over the elements of a vector. */
export function aggregate(expr: Aggregation, elements: readonly Element[], param: number): Element[] {
  const { op, grouping } = expr;
  const groups = new Map<string, { labels: Element['labels']; members: Element[] }>();
  for (const element of elements) {
    const labels =
      grouping === null
        ? NO_LABELS
        : grouping.by
          ? only(element.labels, grouping.labels)
          : without(unnamed(element.labels), grouping.labels);
    const key = keyOf(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push(element);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ labels, members }) => {
    switch (op) {
      case 'topk':
      case 'bottomk':
        return members
          .toSorted((a, b) => (op === 'topk' ? b.value - a.value : a.value - b.value))
          .slice(0, Math.max(0, param));
      case 'limitk':
        return members.slice(0, Math.max(0, param));
      case 'limit_ratio':
        return members;
      case 'count_values': {
        const name = expr.param?.kind === 'string' ? expr.param.value : '';
        const counts = new Map<number, number>();
        for (const { value } of members) counts.set(value, (counts.get(value) ?? 0) + 1);
        return [...counts].map(([value, count]) => ({ labels: withLabel(labels, name, String(value)), value: count }));
      }
      default:
        return [
          {
            labels,
            value: reduced(
              op,
              members.map(({ value }) => value),
              param,
            ),
          },
        ];
    }
  });
}

function reduced(op: Aggregation['op'], values: readonly number[], param: number): number {
  switch (op) {
    case 'sum':
      return sum(values);
    case 'avg':
      return mean(values);
    case 'min':
      return extreme(values, Math.min);
    case 'max':
      return extreme(values, Math.max);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'stddev':
      return Math.sqrt(variance(values));
    case 'stdvar':
      return variance(values);
    case 'quantile':
      return quantile(param, values);
    default:
      return Number.NaN;
  }
}

/** NaN counts only where there is nothing else. */
function extreme(values: readonly number[], choose: (a: number, b: number) => number): number {
  return values.reduce((best, value) =>
    Number.isNaN(best) ? value : Number.isNaN(value) ? best : choose(best, value),
  );
}
