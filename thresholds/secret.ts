import type { Secret } from './model.ts';

/** Reads a file's text; passed in so that this folder touches no disk by itself. */
export type ReadText = (path: string) => string;

/**
 * The value of a secret, without the newline that editors leave at the end of a file.
 * @throws Error that names the variable or file, never a value.
 */
export function resolveSecret(
  secret: Secret,
  env: Readonly<Record<string, string | undefined>>,
  readText: ReadText,
): string {
  if ('variable' in secret) {
    const value = env[secret.variable];
    if (value === undefined || value === '') throw new Error(`the environment variable ${secret.variable} is not set`);
    return value;
  }
  try {
    return readText(secret.file).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new Error(`cannot read the secret file ${secret.file}`, { cause });
  }
}
