import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../../../thresholds/load/problem.ts';

/** Rules that other teams run: kept outside the repository. Tests that need them skip where they are absent. */
export const CORPORA =
  process.env.FIREDRILL_TEST_CORPORA ?? fileURLToPath(new URL('../../../../shared/corpora', import.meta.url));

/** Every rule file of a collection, or of all; unit tests are left out. */
export function corpusFiles(collection = '*'): SourceFile[] {
  if (!existsSync(CORPORA)) return [];
  return globSync(`${collection}/*.yaml`, { cwd: CORPORA })
    .filter((name) => !name.endsWith('_tests.yaml'))
    .sort()
    .map((name) => ({ path: join(CORPORA, name), text: readFileSync(join(CORPORA, name), 'utf8') }));
}
