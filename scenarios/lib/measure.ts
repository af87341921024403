import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { LOAD_METRIC } from '../../thresholds/names.ts';
import { currentEndpoint, type Endpoint, type Response } from './endpoint.ts';
import type { ScenarioRow } from './row.ts';

const overLimit = new Counter(LOAD_METRIC.overLimit);
const exceptions = new Counter(LOAD_METRIC.exceptions);

// Bound once: k6 wraps what is imported anew at each use.
const checkOnce = check;
const CHECK = { 'answers as expected': (asExpected: boolean) => asExpected };
const LINES_FOR_EACH_USER = 3;
let lines = 0;

/** An answer that is none, though its status is as expected. */
export interface Fault {
  fault: string;
}

/** Finds the text of an answer in its body; what is wrong with its envelope is a fault. */
export type ReadText = (body: string, row: ScenarioRow) => string | Fault;

/**
 * One iteration: one sample of the row, counted by exactly one check. An exception is counted and told, never lost: k6 itself
 * goes on as if nothing had happened. This runs for every request: no object is built where an old one does, and a property
 * of k6's response, which is a call into Go, is read once.
 * @param ask sends the request; null when the endpoint could not even be asked, for instance because its session did not open.
 * @param readText null when the body itself is the text.
 */
export function measure(ask: (endpoint: Endpoint) => Response | null, readText: ReadText | null): void {
  try {
    const endpoint = currentEndpoint();
    const response = ask(endpoint);
    const fault = response === null ? 'the session could not be opened' : judge(endpoint, response, readText);
    checkOnce(fault === undefined, CHECK);
    if (fault !== undefined) tell('mismatch', endpoint.row.row, fault);
  } catch (error) {
    exceptions.add(1);
    tell('exception', safeRow(), error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

/** Counts an expected answer that came late, and finds what is wrong with any. */
function judge(endpoint: Endpoint, response: Response, readText: ReadText | null): string | undefined {
  const { answer, row } = endpoint;
  const { status } = response;
  if (status === 0) return response.error;
  answer.response = response;
  answer.status = status;
  const body = endpoint.needsBody ? (response.body ?? '') : '';
  const text = readText === null ? body : readText(body, row);
  answer.text = typeof text === 'string' ? text : '';
  const finding = endpoint.findMismatch(answer);
  if (finding?.reason === 'status') return finding.detail;
  countSlow(endpoint.limits, response);
  return typeof text === 'string' ? finding?.detail : text.fault;
}

function countSlow(limits: Endpoint['limits'], response: Response): void {
  if (limits.length === 0) return;
  const { duration } = response.timings;
  for (let index = 0; index < limits.length; index += 1) {
    const limit = limits[index];
    if (limit !== undefined && duration > limit.limitMs) overLimit.add(1, limit.tags);
  }
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
