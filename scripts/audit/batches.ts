import { type BatchOptions, type BatchResult, runBatch, type TrialFile } from './promtool-batch.ts';
import type { TrialResult } from './promtool-output.ts';

export interface RunTrialsOptions extends BatchOptions {
  /** promtool processes at once. */
  readonly processes: number;
}

const FILES_IN_A_BATCH = 40;

/**
 * Runs the trials of many rules, many in a process. What a batch leaves unanswered, because one of its rules broke it or took its time, is
 * run again in halves down to single rules; what is missing in the result then could not be run.
 */
export async function runTrials(files: readonly TrialFile[], options: RunTrialsOptions): Promise<BatchResult> {
  const results = new Map<string, TrialResult>();
  const refused = new Map<TrialFile['rule'], string>();
  let waiting = chunks(
    files.filter(({ trials }) => trials.length > 0),
    Math.min(FILES_IN_A_BATCH, Math.ceil(files.length / options.processes)),
  );
  while (waiting.length > 0) {
    const again: TrialFile[][] = [];
    await inParallel(waiting, options.processes, async (batch) => {
      options.signal?.throwIfAborted();
      const told = await runBatch(batch, options);
      for (const [id, result] of told.trials) results.set(id, result);
      for (const [rule, reason] of told.refused) refused.set(rule, reason);
      const open = batch.filter(({ rule, trials }) => !refused.has(rule) && trials.some(({ id }) => !results.has(id)));
      if (open.length > 0 && batch.length > 1)
        again.push(...chunks(open, open.length < batch.length ? open.length : Math.ceil(open.length / 2)));
      else if (open.length === 1 && (open[0]?.trials.length ?? 0) > 1) again.push(...single(open, results));
    });
    waiting = again;
  }
  options.signal?.throwIfAborted();
  return { trials: results, refused };
}

/** One trial at a time, so that one that cannot be run takes no other with it. */
function single(files: readonly TrialFile[], results: ReadonlyMap<string, TrialResult>): TrialFile[][] {
  return files.flatMap((file) =>
    file.trials.filter(({ id }) => !results.has(id)).map((trial) => [{ ...file, trials: [trial] }]),
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < items.length; at += Math.max(1, size)) found.push(items.slice(at, at + Math.max(1, size)));
  return found;
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: Math.min(width, queue.length) }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
