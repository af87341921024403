import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type OracleTrial,
  oracleRules,
  oracleTests,
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

/** promtool holds all series of a file in memory; more files in a process than this gain nothing. */
const TRIALS_IN_A_BATCH = 40;
const PROCESS_TIMEOUT_MS = 120_000;

/**
 * Asks promtool what the unscaled rules do. Trials that a process leaves unanswered, because one of its rules cannot be evaluated, are asked
 * again in smaller batches; one that is missing in the end could not be run.
 */
export async function askOracle(
  trials: readonly OracleTrial[],
  { promtool, signal, processes = 2 }: OracleOptions,
): Promise<Map<string, SeenState[]>> {
  const found = new Map<string, SeenState[]>();
  let waiting = chunks(trials, Math.min(TRIALS_IN_A_BATCH, Math.ceil(trials.length / processes)));
  while (waiting.length > 0) {
    const again: OracleTrial[][] = [];
    const queue = [...waiting];
    await Promise.all(
      Array.from({ length: Math.min(processes, queue.length) }, async () => {
        for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
          for (const [id, states] of await runBatch(batch, promtool, signal)) found.set(id, states);
          const open = batch.filter(({ id }) => !found.has(id));
          if (open.length > 0 && batch.length > 1) again.push(...chunks(open, Math.ceil(open.length / 2)));
        }
      }),
    );
    signal.throwIfAborted();
    waiting = again;
  }
  return found;
}

async function runBatch(
  trials: readonly OracleTrial[],
  promtool: string,
  signal: AbortSignal,
): Promise<Map<string, SeenState[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-oracle-'));
  try {
    const ruleFiles = new Map<string, string>();
    const tests: string[] = [];
    const byRules = Map.groupBy(trials, (trial) => oracleRules(trial));
    for (const [rules, sharing] of byRules) {
      const name = `r${ruleFiles.size}.json`;
      ruleFiles.set(rules, name);
      await writeFile(join(folder, name), rules);
      for (const [evaluationMs, same] of Map.groupBy(sharing, (trial) => trial.evaluationMs)) {
        const test = `t${tests.length}.json`;
        await writeFile(join(folder, test), oracleTests(name, evaluationMs, same));
        tests.push(test);
      }
    }
    const result = await runCommand(promtool, ['test', 'rules', ...tests], {
      cwd: folder,
      timeoutMs: PROCESS_TIMEOUT_MS,
      signal,
    });
    return readOracle(result.output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < items.length; at += Math.max(1, size)) found.push(items.slice(at, at + Math.max(1, size)));
  return found;
}
