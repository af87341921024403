import { type Answer, findMismatch } from '../../../thresholds/expectation.ts';
import type { Endpoint } from '../../../thresholds/model.ts';
import { HarnessError } from '../../process/harness-error.ts';
import { sampleJson } from './sample-json.ts';
import { sampleText } from './sample-text.ts';

/** An answer made in advance: nothing is serialised on a request. */
export interface ReadyAnswer {
  readonly status: number;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: string[];
  readonly body: Buffer;
}

const JSON_TYPE = 'application/json';

/**
 * The text that a healthy endpoint answers with: the catalogue's own body, or one that is made up to meet the expectation.
 * @throws HarnessError when none can be made up.
 */
export function expectedText(endpoint: Endpoint, target: string): string {
  const { body } = endpoint.sim;
  const text = body === undefined ? madeUp(endpoint) : typeof body === 'string' ? body : JSON.stringify(body);
  const mismatch = text === null ? null : findMismatch(contentOnly(endpoint), asAnswer(text));
  if (text !== null && mismatch === undefined) return text;
  throw new HarnessError(`${target}: the fleet has no answer for ${endpoint.id}`, {
    reason: mismatch?.detail ?? `nothing was found that matches /${endpoint.expect.text}/`,
    hint: `give the endpoint a body that meets its expectation: sim: {body: ...} (${endpoint.place.file}:${endpoint.place.line})`,
  });
}

/** An answer with the expected status whose content is not as expected; null where every content is. */
export function unexpectedText(endpoint: Endpoint): string | null {
  const candidates = ['{"unexpected":true}', 'an unexpected answer', ''];
  return candidates.find((text) => findMismatch(contentOnly(endpoint), asAnswer(text)) !== undefined) ?? null;
}

/** The healthy answer of an HTTP endpoint. */
export function readyAnswer(endpoint: Endpoint, text: string): ReadyAnswer {
  const { expect, sim } = endpoint;
  const headers = new Map<string, string>([['content-type', sim.contentType ?? guessType(text)]]);
  for (const [name, pattern] of Object.entries(expect.headers)) {
    if (!new RegExp(pattern).test(headers.get(name.toLowerCase()) ?? '')) {
      headers.set(name.toLowerCase(), sampleText(pattern) ?? '');
    }
  }
  return answer(expect.status[0] ?? 200, text, [...headers].flat());
}

/** An error of a service's own, as JSON. */
export function errorAnswer(status: number, message: string, headers: string[] = []): ReadyAnswer {
  return answer(status, JSON.stringify({ error: message }), ['content-type', JSON_TYPE, ...headers]);
}

/** Any JSON value with a status. */
export function jsonAnswer(status: number, value: unknown): ReadyAnswer {
  return answer(status, JSON.stringify(value), ['content-type', JSON_TYPE]);
}

/** Any text with a status and headers. */
export function answer(status: number, text: string, headers: string[]): ReadyAnswer {
  const body = Buffer.from(text);
  // Answers without a body must not claim a length.
  const length = status === 204 || status === 304 ? [] : ['content-length', String(body.length)];
  return { status, headers: [...headers, ...length], body };
}

function madeUp({ expect, kind }: Endpoint): string | null {
  if (Object.keys(expect.json).length > 0) {
    const value = sampleJson(expect.json);
    return value === undefined ? null : JSON.stringify(value);
  }
  if (expect.text !== null && expect.text !== '\\S') return sampleText(expect.text);
  return kind === 'completion' ? 'This is an answer of the simulated model, a few words long.' : '{"status":"ok"}';
}

function contentOnly({ expect }: Endpoint) {
  return { ...expect, status: [200], headers: {} };
}

function asAnswer(text: string): Answer {
  return { status: 200, text, header: () => undefined };
}

function guessType(text: string): string {
  if (text.startsWith('<')) return 'text/html; charset=utf-8';
  try {
    JSON.parse(text);
    return JSON_TYPE;
  } catch {
    return 'text/plain; charset=utf-8';
  }
}
