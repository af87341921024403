import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Labels } from './prometheus-api.ts';

/** Addresses ("host:port") that share labels, as Prometheus's file_sd reads them. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Labels;
}

/**
 * Writes a file_sd file, which must end in `.json`. It appears by a rename, so that Prometheus, which watches the folder,
 * never reads half of it.
 */
export async function writeTargets(file: string, groups: readonly TargetGroup[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(groups, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}
