import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../probes/clock.ts';
import { createStatusBoard, type StatusBoard } from '../../probes/history/status-board.ts';
import { createFileStore } from '../../probes/state/file-store.ts';
import { createMemoryStore, type StateStore } from '../../probes/state/store.ts';
import { withMachineLock } from '../process/machine-lock.ts';
import { UsageError } from '../usage-error.ts';
import { keepBoard } from './status/keep.ts';

/** What a prober knows beside its targets. With a folder it outlives a restart. */
export interface ProberState {
  /** Spent budgets, heartbeats. The runner flushes it. */
  store: StateStore;
  /** State and history of every target, for the status page. */
  board: StatusBoard;
  /** Keeps the board a last time. To be called before the runner stops, which takes its targets off the board. */
  keep(): Promise<void>;
}

/** Opens the state in `folder`; without one it ends with the process. What cannot be read is told to `warn`, and starts empty. */
export async function openProberState(
  folder: string | undefined,
  { clock, warn }: { clock: Clock; warn: (text: string) => void },
): Promise<ProberState> {
  const board = createStatusBoard();
  if (folder === undefined) return { store: createMemoryStore(), board, keep: async () => {} };
  const store = createFileStore({ path: join(folder, 'state.json'), clock, onProblem: warn });
  const kept = await keepBoard(board, { file: join(folder, 'history'), clock, warn });
  return { store, board, keep: kept.stop };
}

/** A folder that only one prober may use at a time. */
export interface OwnFolder {
  /** The option that names it, without its dashes. */
  option: string;
  folder: string | undefined;
}

/** As long as a prober takes to end. */
const LOCK_DEADLINE_MS = 15_000;

/**
 * Runs `work` while no other prober uses the same folders; those without a path are left out.
 * @throws UsageError for one that cannot be written to, HarnessError when another prober uses one and does not end soon.
 */
export function withOwnFolders<T>(
  folders: readonly OwnFolder[],
  context: { output: { line(text: string): void }; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const [first, ...rest] = folders.filter(({ folder }) => folder !== undefined);
  if (first?.folder === undefined) return work();
  const { option, folder } = first;
  try {
    mkdirSync(join(folder, 'locks'), { recursive: true });
  } catch (error) {
    throw new UsageError(
      `--${option} ${folder} cannot be used: ${(error as Error).message}`,
      'give a folder that this user may write to, one for each prober',
      { cause: error },
    );
  }
  const onWait = (pid: number) => context.output.line(`waiting for the ${option} in ${folder}: process ${pid} uses it`);
  return withMachineLock(
    { cacheDir: folder, name: option, onWait, deadlineMs: LOCK_DEADLINE_MS, signal: context.signal },
    () => withOwnFolders(rest, context, work),
  );
}
