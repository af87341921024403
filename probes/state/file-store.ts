import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Json, StateStore } from './store.ts';

/** Format of the file; a file of another one is not read. */
const VERSION = 1;
/** Changes within this time share one write: ten thousand heartbeats are not ten thousand files. */
const WRITE_AFTER_MS = 1_000;

export interface FileStoreOptions {
  path: string;
  clock: Pick<Clock, 'after'>;
  /** Told once for each file that cannot be read or written; probing goes on, with the state in memory. */
  onProblem: (message: string) => void;
}

/**
 * State in one small JSON file, replaced as a whole by rename: a crash leaves the old file or the new one, never half of it. Its folder is
 * made if need be. A file that cannot be understood is left to be replaced, and reported.
 */
export function createFileStore({ path, clock, onProblem }: FileStoreOptions): StateStore {
  const values = new Map<string, Json>(readValues(path, onProblem));
  let cancelTimer: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();
  let dirty = false;

  const writeNow = () => {
    cancelTimer?.();
    cancelTimer = null;
    // One after the other: two renames in flight could leave the older one on top.
    writing = writing.then(async () => {
      if (!dirty) return;
      dirty = false;
      try {
        await replaceFile(path, JSON.stringify({ version: VERSION, values: Object.fromEntries(values) }));
      } catch (error) {
        onProblem(`cannot write the state file ${path}: ${(error as Error).message}`);
      }
    });
    return writing;
  };
  const changed = () => {
    dirty = true;
    cancelTimer ??= clock.after(WRITE_AFTER_MS, () => void writeNow());
  };

  return {
    get: (name) => values.get(name),
    set(name, value) {
      values.set(name, value);
      changed();
    },
    delete(name) {
      if (values.delete(name)) changed();
    },
    flush: writeNow,
  };
}

function readValues(path: string, onProblem: FileStoreOptions['onProblem']): [string, Json][] {
  let text: string;
  try {
    mkdirSync(dirname(path), { recursive: true });
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') onProblem(`cannot read the state file ${path}: ${message}`);
    return [];
  }
  try {
    const { version, values } = JSON.parse(text) as { version?: unknown; values?: Record<string, Json> };
    if (version === VERSION && typeof values === 'object' && values !== null) return Object.entries(values);
  } catch {
    // Reported below, as any other content that is none of ours.
  }
  onProblem(`the state file ${path} holds no state of this version: it starts empty`);
  return [];
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    // Without it a power cut may leave an empty file under the final name.
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
