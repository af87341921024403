import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { compileExpectation } from '../../thresholds/expectation.ts';
import { LOAD_METRIC } from '../../thresholds/names.ts';
import { headerOf, needsBody, type PrepareAsk, requestParams } from './endpoint.ts';
import { planRow } from './plan.ts';
import { PLAN_VARIABLE, type ScenarioRow } from './row.ts';
import { tell } from './tell.ts';

const overLimit = new Counter(LOAD_METRIC.overLimit);
const exceptions = new Counter(LOAD_METRIC.exceptions);

// Bound once: k6 wraps what is imported anew at each use.
const checkOnce = check;
const CHECK = { 'answers as expected': (asExpected: boolean) => asExpected };
const ROW_VARIABLE = PLAN_VARIABLE.row;

/** An answer that is none, though its status is as expected. */
export interface Fault {
  fault: string;
}

/** Finds the text of an answer in its body; what is wrong with its envelope is a fault. */
export type ReadText = (body: string, row: ScenarioRow) => string | Fault;

/** One iteration: sends a request and says what is wrong with the answer, if anything. */
type Iteration = () => string | undefined;

/**
 * The function that k6 calls for each iteration of a scenario. Each gives one sample of the row, counted by exactly one check.
 * An exception is counted and told, never lost: k6 itself goes on as if nothing had happened.
 * @param readText null when the body itself is the text.
 */
export function scenario(prepareAsk: PrepareAsk, readText: ReadText | null): () => void {
  // A virtual user rarely leaves its scenario: k6 may hand it to a later step of a ladder.
  let index: string | undefined;
  let iteration: Iteration | null = null;
  return () => {
    try {
      if (iteration === null || index !== __ENV[ROW_VARIABLE]) {
        index = __ENV[ROW_VARIABLE];
        iteration = prepare(planRow(index), prepareAsk, readText);
      }
      const fault = iteration();
      checkOnce(fault === undefined, CHECK);
      if (fault !== undefined) tell('mismatch', index, fault);
    } catch (error) {
      exceptions.add(1);
      tell('exception', index, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  };
}

/**
 * Makes the iteration of a row. What it returns runs for every request, so all that it needs are variables around it: k6's
 * interpreter finds a property by a look into a map. A property of k6's response is a call into Go, and is read once.
 */
function prepare(row: ScenarioRow, prepareAsk: PrepareAsk, readText: ReadText | null): Iteration {
  const ask = prepareAsk(row, requestParams(row));
  const findMismatch = compileExpectation(row.expect);
  const withBody = needsBody(row);
  const limits = row.limits.map(({ objective, limitMs }) => ({ limitMs, tags: { objective } }));
  const tightestMs = limits.reduce((least, { limitMs }) => Math.min(least, limitMs), Number.POSITIVE_INFINITY);
  const countSlow = (duration: number) => {
    for (const { limitMs, tags } of limits) if (duration > limitMs) overLimit.add(1, tags);
  };
  return () => {
    const response = ask();
    if (response === null) return 'the session could not be opened';
    const { status } = response;
    if (status === 0) return response.error;
    const body = withBody ? (response.body ?? '') : '';
    const text = readText === null ? body : readText(body, row);
    const read = typeof text === 'string' ? text : '';
    const finding = findMismatch(status, read, (name) => headerOf(response, name));
    if (finding !== undefined && finding.reason === 'status') return finding.detail;
    const { duration } = response.timings;
    if (duration > tightestMs) countSlow(duration);
    if (typeof text !== 'string') return text.fault;
    return finding === undefined ? undefined : finding.detail;
  };
}
