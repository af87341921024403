import type { Expectation, JsonCondition, Unwanted } from './model.ts';
import { formatStatuses } from './status.ts';

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
export type ExpectationTest = (
  status: Answer['status'],
  text: Answer['text'],
  header: Answer['header'],
) => Finding | undefined;

/**
 * Compares an answer with what the catalogue expects. Works in Node and in k6 alike.
 * @returns undefined when it is as expected, else the first mismatch and its details.
 */
export function findMismatch(expect: Expectation, answer: Answer): Finding | undefined {
  return compileExpectation(expect)(answer.status, answer.text, answer.header);
}

/**
 * The same as {@link findMismatch} for many answers: patterns and paths are read once. In k6 the test runs for every answer,
 * in an interpreter that pays dearly for each call and each iterator: hence one function, plain arguments and counted loops.
 */
export function compileExpectation(expect: Expectation): ExpectationTest {
  const wanted = compileWanted(expect);
  if (expect.not === undefined) return wanted;
  const unwanted = compileUnwanted(expect.not);
  return (status, text, header) => wanted(status, text, header) ?? unwanted(status, text, header);
}

/** Whether a test looks at the text of an answer; otherwise it need not be kept. */
export function looksAtText({ text, json, not }: Expectation): boolean {
  const asks = (conditions: Pick<Unwanted, 'text' | 'json'>) =>
    conditions.text !== null || Object.keys(conditions.json).length > 0;
  return asks({ text, json }) || (not !== undefined && asks(not));
}

function compileWanted(expect: Expectation): ExpectationTest {
  const [usual] = expect.status;
  const pattern = expect.text === null ? null : new RegExp(expect.text);
  const headers = entries(expect.headers).map(([name, source]) => ({ name, pattern: new RegExp(source) }));
  const values = entries(expect.json).map(([path, condition]) => ({
    path,
    condition,
    steps: pathSteps(path),
    holds: compileCondition(condition),
  }));
  return (status, text, header) => {
    if (status !== usual && !expect.status.includes(status)) {
      return { reason: 'status', detail: `status ${status}, expected ${formatStatuses(expect.status)}` };
    }
    for (let index = 0; index < headers.length; index += 1) {
      const one = headers[index] as (typeof headers)[number];
      const value = header(one.name.toLowerCase());
      if (value === undefined || !one.pattern.test(value)) {
        const detail = `header ${one.name} is ${value ?? 'absent'}, expected /${one.pattern.source}/`;
        return { reason: 'header', detail };
      }
    }
    if (pattern !== null && !pattern.test(text)) {
      return { reason: 'text', detail: `body does not match /${pattern.source}/` };
    }
    if (values.length === 0) return undefined;
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return { reason: 'not-json', detail: 'body is not JSON' };
    }
    for (let index = 0; index < values.length; index += 1) {
      const one = values[index] as (typeof values)[number];
      const value = follow(body, one.steps);
      if (value !== one.condition && !one.holds(value)) {
        const detail = `${one.path} is ${JSON.stringify(value)}, expected ${JSON.stringify(one.condition)}`;
        return { reason: 'json', detail };
      }
    }
    return undefined;
  };
}

/** Reports the first condition that holds though none may. A body that is no JSON cannot show that a JSON value is absent. */
function compileUnwanted({ status: statuses, json, text: source, headers: unwanted }: Unwanted): ExpectationTest {
  const pattern = source === null ? null : new RegExp(source);
  const headers = entries(unwanted).map(([name, each]) => ({ name, pattern: new RegExp(each) }));
  const values = entries(json).map(([path, condition]) => ({
    path,
    steps: pathSteps(path),
    holds: compileCondition(condition),
  }));
  return (status, text, header) => {
    if (statuses.includes(status)) return { reason: 'status', detail: `status ${status}, which must not be` };
    for (const { name, pattern: each } of headers) {
      const value = header(name.toLowerCase());
      if (value !== undefined && each.test(value)) {
        return { reason: 'header', detail: `header ${name} is ${value}, must not match /${each.source}/` };
      }
    }
    if (pattern?.test(text)) return { reason: 'text', detail: `body matches /${pattern.source}/, which must not be` };
    if (values.length === 0) return undefined;
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return { reason: 'not-json', detail: 'body is not JSON' };
    }
    for (const { path, steps, holds } of values) {
      const value = follow(body, steps);
      if (holds(value)) return { reason: 'json', detail: `${path} is ${JSON.stringify(value)}, which must not be` };
    }
    return undefined;
  };
}

/** The value at a path such as `$.data[0].id`; undefined where there is none. */
export function valueAt(body: unknown, path: string): unknown {
  return follow(body, pathSteps(path));
}

/** `Object.entries`, but quick where there is none. */
function entries<T>(record: Record<string, T>): [string, T][] {
  const pairs: [string, T][] = [];
  for (const key in record) pairs.push([key, record[key] as T]);
  return pairs;
}

function pathSteps(path: string): string[] {
  return path.replaceAll('[', '.').replaceAll(']', '').split('.').slice(1);
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
