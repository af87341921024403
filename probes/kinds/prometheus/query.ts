import { z } from 'zod';
import type { QueryCheck } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import type { PrometheusFacts } from './facts.ts';

const point = z.tuple([z.number(), z.string()]);

/** Data of an instant query. */
export const queryData = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: point.optional() })),
  }),
  z.object({ resultType: z.literal('scalar'), result: point }),
  z.object({ resultType: z.literal('matrix') }),
  z.object({ resultType: z.literal('string') }),
]);

/**
 * Judges each series by the condition.
 * @throws ProbeFailure `empty` without a series, `value` for a broken condition, NaN or a histogram, `misconfigured` for a result that
 * has no single value a series.
 */
export function expectQuery(
  data: z.output<typeof queryData>,
  { condition, allowEmpty }: QueryCheck,
  facts: PrometheusFacts,
): void {
  if (data.resultType === 'matrix' || data.resultType === 'string') {
    throw new ProbeFailure('misconfigured', `the expression gives a ${data.resultType}, which has no value to compare`);
  }
  const samples =
    data.resultType === 'scalar'
      ? [{ name: 'the value', value: parseValue(data.result[1]) }]
      : data.result.map(({ metric, value }) => ({ name: nameOf(metric), value: value && parseValue(value[1]) }));
  facts.series = samples.length;
  if (samples.length === 0) {
    if (allowEmpty) return;
    throw new ProbeFailure('empty', 'the expression gives no series');
  }
  const margin = marginOf(condition);
  let worst: { name: string; value: number; margin: number } | undefined;
  for (const { name, value } of samples) {
    if (value === undefined) throw new ProbeFailure('value', `${name} is a histogram, which cannot be compared`);
    const judged = { name, value, margin: Number.isNaN(value) ? Number.NEGATIVE_INFINITY : margin(value) };
    if (worst === undefined || judged.margin < worst.margin) worst = judged;
  }
  if (worst === undefined) return;
  if (!Number.isNaN(worst.value)) facts.value = worst.value;
  if (worst.margin > 0) return;
  throw new ProbeFailure('value', `${worst.name} is ${worst.value}, expected ${describe(condition)}`);
}

/** How far a value is on the good side; 0 or less breaks the condition. */
function marginOf(condition: QueryCheck['condition']): (value: number) => number {
  if ('above' in condition) return (value) => value - condition.above;
  if ('below' in condition) return (value) => condition.below - value;
  return (value) => (value === condition.equals ? 1 : -Math.abs(value - condition.equals));
}

function describe(condition: QueryCheck['condition']): string {
  const [[word, bound] = []] = Object.entries(condition);
  return word === 'equals' ? String(bound) : `${word} ${bound}`;
}

function parseValue(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function nameOf({ __name__: name = '', ...labels }: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const text = `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}`;
  return text === '' ? 'the value' : text.slice(0, 160);
}
