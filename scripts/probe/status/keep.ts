import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../../probes/clock.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../probes/history/snapshot.ts';
import type { StatusBoard } from '../../../probes/history/status-board.ts';

/** Keeps the board in a file while the prober runs. */
export interface KeptBoard {
  /** Writes it a last time. */
  stop(): Promise<void>;
}

/** At most this much is lost when the prober is killed. */
const SAVE_EVERY_MS = 60_000;

/**
 * Takes up the board of an earlier life from `file`, and saves it there every minute and at the end; replaced by rename, so that a crash leaves the
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
    if (!stopped) cancel = clock.after(SAVE_EVERY_MS, () => void save().finally(again));
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

async function write(board: StatusBoard, file: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await pipeline(Readable.from(encodeSnapshot(board)), createWriteStream(partial, { mode: 0o600 }));
  await rename(partial, file);
}
