import { accessSync, constants, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';

/**
 * The folder of one run, made and known to be writable: the one that `--out` names, or `results/<UTC time>-<pid>`.
 * @throws UsageError when it cannot be written: found before anything runs, not after the results are there.
 */
export function openRunFolder(out: string | undefined, now: Date): string {
  const stamp = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const folder = resolve(out ?? join('results', `${stamp}-${process.pid}`));
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `cannot write results to ${out ?? folder}: ${reason}`,
      'name a writable folder with --out DIR',
    );
  }
  return folder;
}

/** Points `results/latest` at a finished run. Swapped by rename: a reader never finds it missing or half made. */
export function linkLatest(folder: string): void {
  const link = join(dirname(folder), 'latest');
  const fresh = `${link}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(basename(folder), fresh);
  renameSync(fresh, link);
}

/** A path as a person at this working directory would type it. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}
