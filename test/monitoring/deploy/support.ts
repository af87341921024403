import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deriveFiles, GENERATED_FOLDER } from '../../../monitoring/derived.ts';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The catalogue that comes with firedrill. */
export const CATALOGUE = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null });

/** All that is derived from it, by path below the folder of derived files. */
export const TEXTS: ReadonlyMap<string, string> = new Map(
  [...deriveFiles(CATALOGUE)].map(([path, text]) => [path.replace(GENERATED_FOLDER, ''), text]),
);

/** The text of a derived file; one that is not derived fails the test. */
export function derived(path: string): string {
  const text = TEXTS.get(path);
  if (text === undefined) throw new Error(`${path} is not derived`);
  return text;
}

/** A published schema that lies beside the repository; null where it does not. */
export function publishedSchema(name: string): string | null {
  const path = `${ROOT}../shared/schemas/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * Variables filled in as Compose does it: `${NAME}`, `${NAME:-fallback}`, `${NAME:?message}`, one in another's fallback.
 * @throws Error with the message of the first required variable that is not set or empty.
 */
export function interpolated(text: string, env: Readonly<Record<string, string>>): string {
  const pattern = /\$\{(\w+)(?::([-?])((?:[^{}$]|\$\{[^{}]*\})*))?\}/g;
  return text.replace(pattern, (_, name: string, operator: string | undefined, rest = '') => {
    const value = env[name] ?? '';
    if (value !== '') return value;
    if (operator === '?') throw new Error(`${name}: ${rest}`);
    return interpolated(rest, env);
  });
}
