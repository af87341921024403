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
    await Promise.all(
      deal(waiting, processes).map(async (tests) => {
        const answers = await runTests(tests, promtool, signal);
        for (const test of tests) {
          const states = answers.get(test.id);
          if (states !== undefined) for (const trial of test.trials) found.set(trial.id, ownStates(trial, states));
          else if (test.trials.length > 1) again.push(...halves(test));
        }
      }),
    );
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

/** In turn, the longest first, so that all hands have about the same to do. */
function deal(tests: readonly OracleTest[], hands: number): OracleTest[][] {
  const work = ({ trials }: OracleTest) =>
    trials.reduce((sum, { endMs, evaluationMs }) => sum + endMs / evaluationMs, 0);
  const dealt: OracleTest[][] = Array.from({ length: Math.min(hands, tests.length) }, () => []);
  for (const [index, test] of tests.toSorted((a, b) => work(b) - work(a)).entries()) dealt[index % hands]?.push(test);
  return dealt;
}
