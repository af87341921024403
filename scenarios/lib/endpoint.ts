import { SharedArray } from 'k6/data';
import http, { type RefinedResponse } from 'k6/http';
import { compileExpectation, type ExpectationTest } from '../../thresholds/expectation.ts';
import { ROW_TAG } from '../../thresholds/names.ts';
import { PLAN_VARIABLE, type ScenarioPlan, type ScenarioRow } from './row.ts';

export type Response = RefinedResponse<'text'>;

/** A row of the plan, made ready once for each virtual user, so that a request builds no object of its own. */
export interface Endpoint {
  row: ScenarioRow;
  findMismatch: ExpectationTest;
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
  const url = row.urls[endpoint.turn % row.urls.length] ?? '';
  endpoint.turn += 1;
  return http.request(row.method, url, row.body, endpoint.params) as Response;
}

function prepare(index: string): Endpoint {
  const shared = rows[Number(index)];
  if (index === '' || shared === undefined) throw new Error(`no row ${JSON.stringify(index)} in the load plan`);
  // A plain copy: reading through the shared array costs a JSON.parse each time.
  const row: ScenarioRow = JSON.parse(JSON.stringify(shared));
  const { expect } = row;
  const needsBody = expect.text !== null || Object.keys(expect.json).length > 0 || row.answerText !== 'body';
  return {
    row,
    findMismatch: compileExpectation(expect),
    params: {
      headers: headersOf(row),
      timeout: row.timeoutMs,
      redirects: 0,
      responseType: needsBody ? 'text' : 'none',
      responseCallback: http.expectedStatuses(...expect.status),
    },
    limits: row.limits.map(({ objective, limitMs }) => ({ limitMs, tags: { objective } })),
    turn: __VU,
  };
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
