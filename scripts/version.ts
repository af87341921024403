import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of firedrill. The sources and the published package have their package.json at different depths. */
export function packageVersion(): string {
  const path = findPackageJSON(import.meta.url);
  return path === undefined ? 'unknown' : (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
