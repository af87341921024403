import type { Expectation, JsonCondition } from '../../../thresholds/model.ts';
import { sampleText } from './sample-text.ts';

type Container = Record<string, unknown> | unknown[];

/**
 * A JSON value that meets conditions on paths such as `$.data[0].id`.
 * @returns undefined when a condition needs a text that cannot be made up.
 */
export function sampleJson(conditions: Expectation['json']): unknown {
  const root: { $?: unknown } = {};
  for (const [path, condition] of Object.entries(conditions)) {
    const steps = [
      '$',
      ...[...path.matchAll(/\.([A-Za-z0-9_-]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index)),
    ];
    const value = sampleValue(condition);
    if (value === undefined) return undefined;
    place(root as Container, steps, value);
  }
  return root.$;
}

function place(container: Container, [step, ...rest]: (string | number)[], value: unknown): void {
  if (step === undefined) return;
  const slots = container as Record<string | number, unknown>;
  const there = slots[step];
  if (rest.length > 0) {
    if (typeof there !== 'object' || there === null) slots[step] = typeof rest[0] === 'number' ? [] : {};
    place(slots[step] as Container, rest, value);
  } else if (Array.isArray(there) && Array.isArray(value)) {
    while (there.length < value.length) there.push({});
  } else if (typeof there !== 'object' || there === null) slots[step] = value;
}

function sampleValue(condition: JsonCondition): unknown {
  if (typeof condition !== 'object' || condition === null) return condition;
  if ('matches' in condition) return sampleText(condition.matches) ?? undefined;
  if ('minItems' in condition) return Array.from({ length: condition.minItems }, () => ({}));
  return { string: 'text', number: 1, boolean: true, array: [], object: {} }[condition.type];
}
