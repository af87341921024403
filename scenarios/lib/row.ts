import type { Expectation } from '../../thresholds/model.ts';

/** How an answer's text is found, on which the expectation looks. */
export type AnswerText = 'body' | 'openai' | 'gemini' | 'json-rpc';

/** One endpoint or provider as k6 needs it: everything that can be worked out before the run is. Written by Node, read by k6. */
export interface ScenarioRow {
  /** Value of the `row` tag. */
  row: string;
  method: string;
  /** Taken in turn. */
  urls: string[];
  headers: Record<string, string>;
  body: string | null;
  /** A header whose value must not stand in a file: the environment variable that holds it. */
  secretHeader: { name: string; variable: string } | null;
  timeoutMs: number;
  expect: Expectation;
  answerText: AnswerText;
  /** The objectives on latency, for counting the answers over each limit. */
  limits: { objective: string; limitMs: number }[];
}

/** The file that `FIREDRILL_PLAN` names. */
export interface ScenarioPlan {
  rows: ScenarioRow[];
}

/** The `row` tag of requests that are not an endpoint's own: the session around a tool call. */
export const SESSION_ROW = 'mcp-session';

/** The environment variables that carry the plan to k6: files and, for each scenario, the index of its row. */
export const PLAN_VARIABLE = { plan: 'FIREDRILL_PLAN', summary: 'FIREDRILL_SUMMARY', row: 'FIREDRILL_ROW' } as const;
