import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type OracleTest,
  type OracleTrial,
  oracleFile,
  oracleRules,
  oracleTests,
  ownStates,
  readOracle,
  type SeenState,
} from '../../../monitoring/drill/synthetic/oracle-text.ts';
import { runCommand } from '../../process/run-command.ts';

export interface OracleOptions {
  /** Path of promtool. */
  readonly promtool: string;
  readonly signal: AbortSignal;
  /** promtool processes at once. */
  readonly processes?: number;
}

const PROCESS_TIMEOUT_MS = 120_000;
/** Batches for each process that runs beside others: few enough to save starts, enough to share the work. */
const BATCHES_EACH = 3;
const TEST_WORK = 200;

/**
 * Asks promtool what the unscaled rules do with the series of each trial. Trials that promtool leaves unanswered, because a rule of their
 * test cannot be evaluated, are asked again in smaller tests; one that is missing in the end could not be run.
 */
export async function askOracle(
  trials: readonly OracleTrial[],
  { promtool, signal, processes = 2 }: OracleOptions,
): Promise<Map<string, SeenState[]>> {
  const found = new Map<string, SeenState[]>();
  let waiting = oracleTests(trials);
  while (waiting.length > 0) {
    const again: OracleTest[] = [];
    const queue = batches(waiting, processes);
    const work = async () => {
      for (let tests = queue.shift(); tests !== undefined; tests = queue.shift()) {
        const answers = await runTests(tests, promtool, signal);
        for (const test of tests) {
          const states = answers.get(test.id);
          if (states !== undefined) for (const trial of test.trials) found.set(trial.id, ownStates(trial, states));
          else if (test.trials.length > 1) again.push(...halves(test));
          else if (tests.length > 1) again.push(test);
        }
      }
    };
    await Promise.all(Array.from({ length: processes }, work));
    signal.throwIfAborted();
    waiting = again;
  }
  return found;
}

async function runTests(
  tests: readonly OracleTest[],
  promtool: string,
  signal: AbortSignal,
): Promise<Map<string, SeenState[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-oracle-'));
  try {
    for (const test of tests) {
      await writeFile(join(folder, `r-${test.id}.json`), oracleRules(test));
      await writeFile(join(folder, `${test.id}.json`), oracleFile(test, `r-${test.id}.json`));
    }
    const names = tests.map(({ id }) => `${id}.json`);
    const result = await runCommand(promtool, ['test', 'rules', ...names], {
      cwd: folder,
      timeoutMs: PROCESS_TIMEOUT_MS,
      signal,
    });
    return readOracle(result.output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function halves({ id, trials }: OracleTest): OracleTest[] {
  const middle = Math.ceil(trials.length / 2);
  return [trials.slice(0, middle), trials.slice(middle)].map((part, index) => ({ id: `${id}.${index}`, trials: part }));
}

/** Tests that one process runs: some for each hand, the longest first and by themselves. */
function batches(tests: readonly OracleTest[], hands: number): OracleTest[][] {
  const works = new Map(tests.map((test) => [test, workOf(test)]));
  const share = [...works.values()].reduce((sum, work) => sum + work, 0) / (hands * BATCHES_EACH);
  const made: OracleTest[][] = [];
  let left = 0;
  for (const test of tests.toSorted((a, b) => (works.get(b) ?? 0) - (works.get(a) ?? 0))) {
    const work = works.get(test) ?? 0;
    if (work <= left) made.at(-1)?.push(test);
    else {
      made.push([test]);
      left = share;
    }
    left -= work;
  }
  return made;
}

/** What a test costs, roughly: each evaluation looks at each series, and a test has a price of its own. */
function workOf({ trials }: OracleTest): number {
  const evaluations = Math.max(...trials.map(({ endMs, evaluationMs }) => endMs / evaluationMs));
  return TEST_WORK + evaluations * trials.reduce((sum, { series }) => sum + series.length + 1, 0);
}
