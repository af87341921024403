import { SESSION_ROW } from '../../scenarios/lib/row.ts';
import { LOAD_METRIC, ROW_TAG } from '../../thresholds/names.ts';

/** A cut through k6's samples: everything of a row, or of one scenario. */
export type Cut = `${string}:${string}`;

/** The samples of a row, whichever scenario sent them. */
export function rowCut(row: string): Cut {
  return `${ROW_TAG}:${row}`;
}

/** The samples of one k6 scenario, such as one step of a ladder. */
export function scenarioCut(scenario: string): Cut {
  return `scenario:${scenario}`;
}

/**
 * Names of k6's metrics cut by tag, as thresholds ask for them and as the summary gives them back. k6 keeps a cut only when a
 * threshold names it.
 */
export const METRIC_KEY = {
  checks: (cut: Cut) => `checks{${cut}}`,
  iterations: (cut: Cut) => `iterations{${cut}}`,
  requests: (cut: Cut) => `http_reqs{${cut}}`,
  allRequests: 'http_reqs',
  /** Time of the answers with an expected status. */
  duration: (cut: Cut) => `http_req_duration{${cut},expected_response:true}`,
  overLimit: (cut: Cut, objective: string) => `${LOAD_METRIC.overLimit}{${cut},objective:${objective}}`,
  exceptions: (cut: Cut) => `${LOAD_METRIC.exceptions}{${cut}}`,
  allExceptions: LOAD_METRIC.exceptions,
  dropped: (scenario: string) => `dropped_iterations{${scenarioCut(scenario)}}`,
  allDropped: 'dropped_iterations',
} as const;

/** The requests that open and close sessions. */
export const SESSION_CUT = rowCut(SESSION_ROW);
