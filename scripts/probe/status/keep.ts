import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../../probes/clock.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../probes/history/snapshot.ts';
import type { StatusBoard } from '../../../probes/history/status-board.ts';

/** Keeps the board in a file while the prober runs. */
export interface KeptBoard {
  /** Writes it a last time. */
  stop(): Promise<void>;
}

/** At most this much is lost when the prober is killed; more with very many targets, since each writes 2.2 kB: five minutes of 10,000. */
const SAVE_EVERY_MS = 60_000;
const SAVE_EVERY_MS_A_TARGET = 30;

/**
 * Takes up the board of an earlier life from `file`, and saves it there every minute (five with ten thousand targets) and at the end; replaced by rename, so that a crash leaves the
 * one before. A file that cannot be read is put aside as `<file>.unreadable` and told through `warn`: it never keeps the prober from starting.
 */
export async function keepBoard(
  board: StatusBoard,
  { file, clock, warn }: { file: string; clock: Clock; warn: (text: string) => void },
): Promise<KeptBoard> {
  await mkdir(dirname(file), { recursive: true });
  await takeUp(board, file, warn);
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    saving = write(board, file).catch((error: Error) =>
      warn(`cannot keep the status history in ${file}: ${error.message}`),
    );
    return saving;
  };
  let cancel = () => {};
  let stopped = false;
  const again = () => {
    const everyMs = Math.max(SAVE_EVERY_MS, board.size * SAVE_EVERY_MS_A_TARGET);
    if (!stopped) cancel = clock.after(everyMs, () => void save().finally(again));
  };
  again();
  return {
    async stop() {
      if (stopped) return;
      stopped = true;
      cancel();
      await saving;
      await save();
    },
  };
}

async function takeUp(board: StatusBoard, file: string, warn: (text: string) => void): Promise<void> {
  try {
    board.restore(decodeSnapshot(await readFile(file)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    const aside = `${file}.unreadable`;
    await rename(file, aside).catch(() => {});
    warn(`the status history ${file} cannot be read: ${(error as Error).message}; it is put aside as ${aside}`);
  }
}

async function write(board: StatusBoard, path: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  const file = await open(partial, 'w', 0o600);
  try {
    // The file's own writeFile: it writes all of a piece, where a bare write may write a part.
    for (const piece of encodeSnapshot(board)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
  await rename(partial, path);
}
