import { access, constants, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for a run of promtool, in memory where the system has such a place. Whoever asks for it removes it. */
export async function promtoolFolder(): Promise<string> {
  const memory = '/dev/shm';
  const parent = await access(memory, constants.W_OK).then(
    () => memory,
    () => tmpdir(),
  );
  return mkdtemp(join(parent, 'firedrill-audit-'));
}

/**
 * The environment of promtool in such a folder. Each test writes a database of its own there; as many processes run as there are processors, and with
 * little on its heap one collects its garbage half as often.
 */
export function promtoolEnvironment(folder: string): Readonly<Record<string, string>> {
  return { TMPDIR: folder, GOMAXPROCS: '1', GOGC: '200' };
}
