import { VARIABLE_PATTERN } from '../../../thresholds/carried.ts';
import { valueAt } from '../../../thresholds/expectation.ts';
import type { HttpStep } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import type { HttpAnswer } from '../../http/exchange.ts';

/** Values that the steps of one run extracted, by name. */
export type Carried = Map<string, string>;

/** Longest value that is carried: a token or an id, not a document. */
const MAX_VALUE_CHARACTERS = 8_192;

/** True when a step asks for carried values: most have nothing to fill in. */
export function hasVariables({ path, headers, body }: HttpStep): boolean {
  return [path, body ?? '', ...Object.values(headers)].some((text) => text.includes('{{'));
}

/** The step with its values filled in: percent-encoded in the path, escaped in a JSON body, as they are elsewhere. */
export function fillIn(step: HttpStep, carried: Carried): HttpStep {
  const fill = (text: string, encode: (value: string) => string) =>
    text.replace(VARIABLE_PATTERN, (_, name: string) => encode(carried.get(name) ?? ''));
  const type = Object.entries(step.headers).find(([name]) => name.toLowerCase() === 'content-type');
  const inBody = type?.[1].includes('json')
    ? (value: string) => JSON.stringify(value).slice(1, -1)
    : (value: string) => value;
  return {
    ...step,
    path: fill(step.path, encodeURIComponent),
    headers: Object.fromEntries(Object.entries(step.headers).map(([name, text]) => [name, fill(text, headerSafe)])),
    body: step.body === null ? null : fill(step.body, inBody),
  };
}

/**
 * Takes what a step extracts out of its answer.
 * @throws ProbeFailure `extract` when a value is not there, or is none that can be carried; the value itself is never told.
 */
export function extractValues({ extract }: HttpStep, { message, text }: HttpAnswer, carried: Carried): void {
  for (const [name, extraction] of Object.entries(extract)) {
    const place =
      'json' in extraction
        ? extraction.json
        : 'text' in extraction
          ? `/${extraction.text}/`
          : `header ${extraction.header}`;
    let value: unknown;
    if ('json' in extraction) value = valueAt(parsed(text), extraction.json);
    else if ('text' in extraction) {
      const match = new RegExp(extraction.text).exec(text);
      value = match?.[1] ?? match?.[0];
    } else value = [message.headers[extraction.header.toLowerCase()]].flat()[0];
    if (typeof value === 'number' || typeof value === 'boolean') value = String(value);
    if (typeof value !== 'string' || value === '') throw new ProbeFailure('extract', `no ${name} at ${place}`);
    if (value.length > MAX_VALUE_CHARACTERS) {
      throw new ProbeFailure('extract', `${name} at ${place} is longer than ${MAX_VALUE_CHARACTERS} characters`);
    }
    carried.set(name, value);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value of the peer's must not add headers of its own; Node would refuse the request as our mistake. */
function headerSafe(value: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new ProbeFailure('extract', 'a value for a header holds characters that no header may hold');
  }
  return value;
}
