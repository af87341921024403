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

/** What is wrong with an answer. */
export interface Finding {
  reason: Mismatch;
  detail: string;
}

/** @returns undefined for an answer that is as expected, else the first mismatch. */
export type ExpectationTest = (answer: Answer) => Finding | undefined;

/**
 * Compares an answer with what the catalogue expects. Works in Node and in k6 alike.
 * @returns undefined when it is as expected, else the first mismatch and its details.
 */
export function findMismatch(expect: Expectation, answer: Answer): Finding | undefined {
  return compileExpectation(expect)(answer);
}

/** The same as {@link findMismatch} for many answers: patterns and paths are read once. */
export function compileExpectation(expect: Expectation): ExpectationTest {
  const headers = Object.entries(expect.headers).map(([name, source]) => ({ name, pattern: new RegExp(source) }));
  const text = expect.text === null ? null : new RegExp(expect.text);
  const conditions = Object.entries(expect.json).map(([path, condition]) => ({
    path,
    steps: pathSteps(path),
    condition,
    holds: compileCondition(condition),
  }));
  return (answer) => {
    if (!expect.status.includes(answer.status)) {
      return { reason: 'status', detail: `status ${answer.status}, expected ${expect.status.join(' or ')}` };
    }
    for (const { name, pattern } of headers) {
      const value = answer.header(name.toLowerCase());
      if (value === undefined || !pattern.test(value)) {
        return { reason: 'header', detail: `header ${name} is ${value ?? 'absent'}, expected /${pattern.source}/` };
      }
    }
    if (text !== null && !text.test(answer.text)) {
      return { reason: 'text', detail: `body does not match /${text.source}/` };
    }
    if (conditions.length === 0) return undefined;
    let body: unknown;
    try {
      body = JSON.parse(answer.text);
    } catch {
      return { reason: 'not-json', detail: 'body is not JSON' };
    }
    for (const { path, steps, condition, holds } of conditions) {
      const value = follow(body, steps);
      if (holds(value)) continue;
      const detail = `${path} is ${JSON.stringify(value)}, expected ${JSON.stringify(condition)}`;
      return { reason: 'json', detail };
    }
    return undefined;
  };
}

/** The value at a path such as `$.data[0].id`, or undefined. */
export function readPath(body: unknown, path: string): unknown {
  return follow(body, pathSteps(path));
}

function pathSteps(path: string): string[] {
  return Array.from(path.matchAll(/\.([A-Za-z0-9_-]+)|\[(\d+)\]/g), ([, key, index]) => key ?? index ?? '');
}

function follow(body: unknown, steps: readonly string[]): unknown {
  let value = body;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function compileCondition(condition: JsonCondition): (value: unknown) => boolean {
  if (typeof condition !== 'object' || condition === null) return (value) => value === condition;
  if ('matches' in condition) {
    const pattern = new RegExp(condition.matches);
    return (value) => typeof value === 'string' && pattern.test(value);
  }
  if ('minItems' in condition) return (value) => Array.isArray(value) && value.length >= condition.minItems;
  if (condition.type === 'array') return (value) => Array.isArray(value);
  if (condition.type === 'object') {
    return (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  }
  return (value) => typeof value === condition.type;
}
