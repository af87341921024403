import type { Expectation, JsonCondition } from './model.ts';

/** An answer, as far as an expectation looks at it. */
export interface Answer {
  status: number;
  /** Body, or the text of a tool result or completion. */
  text: string;
  /** Header value by lower-case name. */
  header: (name: string) => string | undefined;
}

/** Why an answer is not as expected; a small closed set, fit for a metric label. */
export type Mismatch = 'status' | 'header' | 'text' | 'not-json' | 'json';

/**
 * Compares an answer with what the catalogue expects. Works in Node and in k6 alike.
 * @returns undefined when it is as expected, else the first mismatch and its details.
 */
export function findMismatch(expect: Expectation, answer: Answer): { reason: Mismatch; detail: string } | undefined {
  if (!expect.status.includes(answer.status)) {
    return { reason: 'status', detail: `status ${answer.status}, expected ${expect.status.join(' or ')}` };
  }
  for (const name in expect.headers) {
    const value = answer.header(name.toLowerCase());
    if (value === undefined || !new RegExp(expect.headers[name] ?? '').test(value)) {
      return { reason: 'header', detail: `header ${name} is ${value ?? 'absent'}, expected /${expect.headers[name]}/` };
    }
  }
  if (expect.text !== null && !new RegExp(expect.text).test(answer.text)) {
    return { reason: 'text', detail: `body does not match /${expect.text}/` };
  }
  return findJsonMismatch(expect.json, answer.text);
}

function findJsonMismatch(conditions: Expectation['json'], text: string) {
  const paths = Object.keys(conditions);
  if (paths.length === 0) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { reason: 'not-json' as const, detail: 'body is not JSON' };
  }
  for (const path of paths) {
    const value = readPath(body, path);
    const condition = conditions[path] as JsonCondition;
    if (!holds(condition, value)) {
      return {
        reason: 'json' as const,
        detail: `${path} is ${JSON.stringify(value)}, expected ${JSON.stringify(condition)}`,
      };
    }
  }
  return undefined;
}

/** The value at a path such as `$.data[0].id`, or undefined. */
export function readPath(body: unknown, path: string): unknown {
  let value = body;
  for (const [, key, index] of path.matchAll(/\.([A-Za-z0-9_-]+)|\[(\d+)\]/g)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key ?? index ?? ''];
  }
  return value;
}

function holds(condition: JsonCondition, value: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return value === condition;
  if ('matches' in condition) return typeof value === 'string' && new RegExp(condition.matches).test(value);
  if ('minItems' in condition) return Array.isArray(value) && value.length >= condition.minItems;
  if (condition.type === 'array') return Array.isArray(value);
  if (condition.type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === condition.type;
}
