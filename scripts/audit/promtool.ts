import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type PromtoolComplaints, readPromtoolOutput } from '../../monitoring/audit/promtool-output.ts';
import { HarnessError } from '../process/harness-error.ts';
import { runCommand } from '../process/run-command.ts';
import { promtoolEnvironment, promtoolFolder } from './promtool-folder.ts';
import { createTurns, type Turns } from './turns.ts';

/** One run of `promtool test rules`: rule files and test files by name; the tests name the rule files. */
export interface PromtoolJob {
  /** Name to content. Objects are written as JSON, which is YAML too. */
  readonly rules: Readonly<Record<string, unknown>>;
  readonly tests: Readonly<Record<string, unknown>>;
}

export interface PromtoolOptions {
  readonly promtool: string;
  readonly signal?: AbortSignal | undefined;
  /** Bound of one process. */
  readonly timeoutMs?: number;
  /** Turns that these runs share with others; by themselves they take as many as there are processors. */
  readonly turns?: Turns;
}

/** How many times the bound of a process a single test file may take. */
const LAST_CHANCE = 5;

/**
 * Runs jobs, as many at once as there are processors.
 * @returns what promtool complained of, in the order of the jobs.
 * @throws HarnessError when promtool cannot be run at all.
 */
export async function runPromtool(
  jobs: readonly PromtoolJob[],
  { promtool, signal, timeoutMs = 120_000, turns = createTurns(availableParallelism()) }: PromtoolOptions,
): Promise<PromtoolComplaints[]> {
  const folder = await promtoolFolder();
  const env = promtoolEnvironment(folder);
  const run = async (job: PromtoolJob, index: number): Promise<PromtoolComplaints> => {
    const named = (name: string) => `${index}-${name}`;
    for (const [name, content] of Object.entries(job.rules)) await write(join(folder, named(name)), content);
    const tests = Object.keys(job.tests).map(named);
    for (const [name, content] of Object.entries(job.tests)) {
      const test = content as { rule_files: string[] };
      await write(join(folder, named(name)), { ...test, rule_files: test.rule_files.map(named) });
    }
    return runFiles(tests);
  };
  const runFiles = async (tests: readonly string[]): Promise<PromtoolComplaints> => {
    const startedAt = performance.now();
    // One file is the least that can be run: it gets as long as several.
    const limitMs = tests.length > 1 ? timeoutMs : timeoutMs * LAST_CHANCE;
    const result = await runCommand(promtool, ['test', 'rules', ...tests], {
      cwd: folder,
      env,
      timeoutMs: limitMs,
      signal,
    });
    signal?.throwIfAborted();
    // What was printed until then says nothing of the tests that were not reached.
    if (!result.ok && performance.now() - startedAt >= limitMs) {
      if (tests.length <= 1) throw new HarnessError('promtool did not get through a test', { reason: result.reason });
      const half = Math.ceil(tests.length / 2);
      return joined([await runFiles(tests.slice(0, half)), await runFiles(tests.slice(half))]);
    }
    const read = readPromtoolOutput(result.output);
    const silent = read.mismatches.length + read.faults.length + read.others.length === 0;
    if (!result.ok && silent) throw new HarnessError('promtool could not run the tests', { reason: result.reason });
    return read;
  };
  try {
    return await Promise.all(jobs.map((job, index) => turns(() => run(job, index))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function joined(parts: readonly PromtoolComplaints[]): PromtoolComplaints {
  return {
    mismatches: parts.flatMap(({ mismatches }) => mismatches),
    faults: parts.flatMap(({ faults }) => faults),
    others: parts.flatMap(({ others }) => others),
  };
}

function write(path: string, content: unknown): Promise<void> {
  return writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
}
