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
  const { status } = expect;
  const tests: ExpectationTest[] = [
    ...Object.entries(expect.headers).map(([name, source]) => headerTest(name, new RegExp(source))),
    ...(expect.text === null ? [] : [textTest(new RegExp(expect.text))]),
    ...(Object.keys(expect.json).length === 0 ? [] : [jsonTest(expect.json)]),
  ];
  return (answer) => {
    if (!status.includes(answer.status)) {
      return { reason: 'status', detail: `status ${answer.status}, expected ${status.join(' or ')}` };
    }
    return firstFinding(tests, answer);
  };
}

/** A counted loop: in k6 this runs for every answer, and its interpreter pays dearly for an iterator. */
function firstFinding<T>(tests: readonly ((subject: T) => Finding | undefined)[], subject: T): Finding | undefined {
  for (let index = 0; index < tests.length; index += 1) {
    const finding = tests[index]?.(subject);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function headerTest(name: string, pattern: RegExp): ExpectationTest {
  const key = name.toLowerCase();
  return ({ header }) => {
    const value = header(key);
    if (value !== undefined && pattern.test(value)) return undefined;
    return { reason: 'header', detail: `header ${name} is ${value ?? 'absent'}, expected /${pattern.source}/` };
  };
}

function textTest(pattern: RegExp): ExpectationTest {
  return ({ text }) =>
    pattern.test(text) ? undefined : { reason: 'text', detail: `body does not match /${pattern.source}/` };
}

function jsonTest(json: Expectation['json']): ExpectationTest {
  const tests = Object.entries(json).map(([path, condition]) => valueTest(path, condition));
  return ({ text }) => {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return { reason: 'not-json', detail: 'body is not JSON' };
    }
    return firstFinding(tests, body);
  };
}

function valueTest(path: string, condition: JsonCondition): (body: unknown) => Finding | undefined {
  const steps = pathSteps(path);
  const holds = compileCondition(condition);
  return (body) => {
    const value = follow(body, steps);
    if (holds(value)) return undefined;
    const detail = `${path} is ${JSON.stringify(value)}, expected ${JSON.stringify(condition)}`;
    return { reason: 'json', detail };
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
  for (let index = 0; index < steps.length; index += 1) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[steps[index] as string];
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
