import http, { type RefinedResponse } from 'k6/http';
import { looksAtText } from '../../thresholds/expectation.ts';
import { ROW_TAG } from '../../thresholds/names.ts';
import type { ScenarioRow } from './row.ts';

export type Response = RefinedResponse<'text'>;

/** k6's parameters of a request, made once for each virtual user. */
export type Params = Record<string, unknown>;

/** Sends one request of a row; null when it could not even be asked, for instance because its session did not open. */
export type Ask = () => Response | null;

/** Makes the sender of a row. */
export type PrepareAsk = (row: ScenarioRow, params: Params) => Ask;

// Bound once: k6 wraps what is imported anew at each use.
const { request } = http;

/** The row's request as it stands in the plan, its addresses in turn. */
export const plainRequest: PrepareAsk = ({ method, urls, body }, params) => {
  const [only] = urls;
  if (only !== undefined && urls.length === 1) return () => request(method, only, body, params) as Response;
  // Users start at different addresses, so that all are asked from the beginning.
  let turn = __VU;
  return () => {
    turn += 1;
    return request(method, urls[turn % urls.length] ?? '', body, params) as Response;
  };
};

/** True when the expectation looks into the body: k6 drops others unread. */
export function needsBody({ expect, answerText }: ScenarioRow): boolean {
  return looksAtText(expect) || answerText !== 'body';
}

/** What k6 needs to know of the row's requests. Redirects are not followed: that is an option of the run. */
export function requestParams(row: ScenarioRow): Params {
  return {
    headers: headersOf(row),
    timeout: row.timeoutMs,
    ...(needsBody(row) ? {} : { responseType: 'none' }),
    responseCallback: http.expectedStatuses(...row.expect.status),
  };
}

function headersOf(row: ScenarioRow): Record<string, string> {
  if (row.secretHeader === null) return row.headers;
  const value = __ENV[row.secretHeader.variable];
  if (value === undefined) throw new Error(`${row.secretHeader.variable} is not set`);
  return { ...row.headers, [row.secretHeader.name]: value };
}

/** A header of an answer by its lower-case name. */
export function headerOf(response: Response, name: string): string | undefined {
  const { headers } = response;
  for (const key in headers) if (key.toLowerCase() === name) return headers[key];
  return undefined;
}

/** Tags of a request that is not the endpoint's own, such as one that opens a session. */
export function otherRow(row: string): Record<string, string> {
  return { [ROW_TAG]: row };
}
