import { SharedArray } from 'k6/data';
import http, { type RefinedResponse } from 'k6/http';
import { type Answer, compileExpectation, type ExpectationTest } from '../../thresholds/expectation.ts';
import { ROW_TAG } from '../../thresholds/names.ts';
import { PLAN_VARIABLE, type ScenarioPlan, type ScenarioRow } from './row.ts';

export type Response = RefinedResponse<'text'>;

interface MutableAnswer extends Answer {
  response: Response | null;
}

/** A row of the plan, made ready once for each virtual user, so that a request builds no object of its own. */
export interface Endpoint {
  row: ScenarioRow;
  findMismatch: ExpectationTest;
  /** Handed to `findMismatch`, with the last answer filled in. */
  answer: MutableAnswer;
  needsBody: boolean;
  params: Record<string, unknown>;
  /** Tags of the over-limit counter, for each limit. */
  limits: { limitMs: number; tags: Record<string, string> }[];
  /** Index of the next of `row.urls`. */
  turn: number;
}

// One copy for all virtual users: a copy for each would cost more memory than everything else here.
const rows = new SharedArray<ScenarioRow>('rows', () => {
  const plan: ScenarioPlan = JSON.parse(open(__ENV[PLAN_VARIABLE.plan] ?? ''));
  return plan.rows;
});

// Bound once: k6 wraps what is imported anew at each use.
const { request } = http;

const byIndex: Record<string, Endpoint> = {};

/** The endpoint of the scenario that this iteration belongs to. */
export function currentEndpoint(): Endpoint {
  const index = __ENV[PLAN_VARIABLE.row] ?? '';
  byIndex[index] ??= prepare(index);
  return byIndex[index];
}

/** Sends the endpoint's request as it stands in the plan. */
export function send(endpoint: Endpoint): Response {
  const { row } = endpoint;
  const { urls } = row;
  const url = urls[endpoint.turn % urls.length] ?? '';
  endpoint.turn += 1;
  return request(row.method, url, row.body, endpoint.params) as Response;
}

function prepare(index: string): Endpoint {
  // Kept: each look into the shared array is a JSON.parse.
  const row = rows[Number(index)];
  if (index === '' || row === undefined) throw new Error(`no row ${JSON.stringify(index)} in the load plan`);
  const { expect } = row;
  const needsBody = expect.text !== null || Object.keys(expect.json).length > 0 || row.answerText !== 'body';
  return {
    row,
    findMismatch: compileExpectation(expect),
    answer: emptyAnswer(),
    needsBody,
    params: {
      headers: headersOf(row),
      timeout: row.timeoutMs,
      ...(needsBody ? {} : { responseType: 'none' }),
      responseCallback: http.expectedStatuses(...expect.status),
    },
    limits: row.limits.map(({ objective, limitMs }) => ({ limitMs, tags: { objective } })),
    turn: __VU,
  };
}

function emptyAnswer(): MutableAnswer {
  const answer: MutableAnswer = {
    status: 0,
    text: '',
    response: null,
    header: (name) => {
      const headers = answer.response?.headers ?? {};
      for (const key in headers) if (key.toLowerCase() === name) return headers[key];
      return undefined;
    },
  };
  return answer;
}

function headersOf(row: ScenarioRow): Record<string, string> {
  if (row.secretHeader === null) return row.headers;
  const value = __ENV[row.secretHeader.variable];
  if (value === undefined) throw new Error(`${row.secretHeader.variable} is not set`);
  return { ...row.headers, [row.secretHeader.name]: value };
}

/** Tags of a request that is not the endpoint's own, such as one that opens a session. */
export function otherRow(row: string): Record<string, string> {
  return { [ROW_TAG]: row };
}
