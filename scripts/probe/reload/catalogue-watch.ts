import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface CatalogueWatchOptions {
  /** Folder or file of the catalogue. */
  path: string;
  /** Its content is another than before. */
  onChange: () => void;
  /** Editors write in several steps, and a ConfigMap is swapped by two renames: so long nothing must happen. */
  settleMs?: number;
  /** Looks by itself this often: file systems of other machines tell nothing, and a folder may be replaced as a whole. */
  lookEveryMs?: number;
}

/**
 * Calls back when the content of a catalogue changes: not when a file is merely touched, and once for several files. Follows symbolic
 * links, so that the swap by which Kubernetes renews a ConfigMap counts. Resolves when what is there now is known; the function ends it.
 */
export async function watchCatalogue({
  path,
  onChange,
  settleMs = 300,
  lookEveryMs = 10_000,
}: CatalogueWatchOptions): Promise<() => void> {
  let known = await fingerprint(path);
  let settling: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let ended = false;
  const look = async () => {
    const now = await fingerprint(path);
    if (ended || now.content === known.content) return;
    known = now;
    onChange();
  };
  const lookSoon = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      looking = looking.then(look);
    }, settleMs);
  };
  const timer = setInterval(async () => {
    if ((await quickPrint(path)) !== known.quick) lookSoon();
  }, lookEveryMs);
  timer.unref();
  const watcher = startWatching(path, lookSoon);
  return () => {
    ended = true;
    clearTimeout(settling);
    clearInterval(timer);
    watcher?.close();
  };
}

/** Undefined where the system has no such thing; then looking by itself must do. */
function startWatching(path: string, onEvent: () => void): FSWatcher | undefined {
  for (const folder of [path, dirname(path)]) {
    try {
      // Of a single file the folder: a file that is replaced by rename leaves its watcher behind.
      if (folder === path && /\.ya?ml$/.test(path)) continue;
      return watch(folder, { persistent: false }, onEvent).on('error', () => {});
    } catch {
      // Tried elsewhere.
    }
  }
  return undefined;
}

interface Fingerprint {
  /** Of names, times and sizes: cheap. */
  quick: string;
  content: string;
}

async function fingerprint(path: string): Promise<Fingerprint> {
  const quick = await quickPrint(path);
  const hash = createHash('sha256');
  for (const file of await filesOf(path)) {
    const text = await readFile(file).catch(() => '');
    hash.update(`${file}\n${text.length}\n`).update(text);
  }
  return { quick, content: hash.digest('hex') };
}

async function quickPrint(path: string): Promise<string> {
  const prints = (await filesOf(path)).map(async (file) => {
    const facts = await stat(file).catch(() => undefined);
    return `${file} ${facts?.ino} ${facts?.size} ${facts?.mtimeMs}`;
  });
  return (await Promise.all(prints)).join('\n');
}

/** The files that the catalogue is read from; nothing when it is gone. */
async function filesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() !== true) return [path];
  const names = await readdir(path).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}
