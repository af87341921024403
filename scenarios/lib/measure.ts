import { check } from 'k6';
import { Counter } from 'k6/metrics';
import type { Answer } from '../../thresholds/expectation.ts';
import { LOAD_METRIC } from '../../thresholds/names.ts';
import { currentEndpoint, type Endpoint, type Response } from './endpoint.ts';

const overLimit = new Counter(LOAD_METRIC.overLimit);
const exceptions = new Counter(LOAD_METRIC.exceptions);

const CHECK = { 'answers as expected': (asExpected: boolean) => asExpected };
const LINES_FOR_EACH_USER = 3;
let lines = 0;

/** The text of an answer, or what is wrong with its envelope. */
export type ReadText = (response: Response, endpoint: Endpoint) => { text: string } | { fault: string };

/**
 * One iteration: one sample of the row, counted by exactly one check. An exception is counted and told, never lost: k6 itself
 * goes on as if nothing had happened.
 * @param ask sends the request; null when the endpoint could not even be asked, for instance because its session did not open.
 */
export function measure(ask: (endpoint: Endpoint) => Response | null, readText: ReadText): void {
  try {
    const endpoint = currentEndpoint();
    const response = ask(endpoint);
    const fault = response === null ? 'the session could not be opened' : faultOf(endpoint, response, readText);
    check(fault === undefined, CHECK);
    if (fault !== undefined) tell('mismatch', endpoint.row.row, fault);
    if (response !== null) countSlow(endpoint, response);
  } catch (error) {
    exceptions.add(1);
    tell('exception', safeRow(), error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

function faultOf(endpoint: Endpoint, response: Response, readText: ReadText): string | undefined {
  if (response.status === 0) return response.error;
  const read = readText(response, endpoint);
  // With the wrong status the envelope is of no interest.
  if ('fault' in read && endpoint.row.expect.status.includes(response.status)) return read.fault;
  const text = 'text' in read ? read.text : '';
  const answer: Answer = { status: response.status, text, header: (name) => headerOf(response, name) };
  return endpoint.findMismatch(answer)?.detail;
}

function countSlow(endpoint: Endpoint, response: Response): void {
  const { limits, row } = endpoint;
  if (limits.length === 0) return;
  const { duration } = response.timings;
  for (const { limitMs, tags } of limits) {
    if (duration > limitMs && row.expect.status.includes(response.status)) overLimit.add(1, tags);
  }
}

function headerOf(response: Response, name: string): string | undefined {
  const { headers } = response;
  for (const key in headers) if (key.toLowerCase() === name) return headers[key];
  return undefined;
}

/** One line of evidence for Node, which keeps the first of each row. */
function tell(kind: 'mismatch' | 'exception', row: string, detail: string): void {
  if (lines >= LINES_FOR_EACH_USER) return;
  lines += 1;
  console.warn(JSON.stringify({ kind, row, detail: detail.slice(0, 300) }));
}

function safeRow(): string {
  try {
    return currentEndpoint().row.row;
  } catch {
    return '';
  }
}
