import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { deriveAlertmanagerText } from '../../monitoring/alertmanager-config.ts';
import { secretFiles } from '../../monitoring/deploy/derived-text.ts';
import { GENERATED_FOLDER } from '../../monitoring/derived.ts';
import { renderSecrets, SECRETS_FOLDER } from '../../monitoring/receivers.ts';
import type { Catalogue, Secret } from '../../thresholds/model.ts';
import { resolveSecret } from '../../thresholds/secret.ts';
import { UsageError } from '../usage-error.ts';

/** What was written into the folder, and what must still be put there, by file name. */
export interface RenderedSecrets {
  written: string[];
  /** Secrets that the catalogue reads from files of the deployment, and that are not in the folder yet. */
  missing: string[];
}

/**
 * Makes the folder that a deployment mounts: `alertmanager.yml` with the secrets that its version takes from no file, and one file
 * for each secret that comes from a variable. All of mode 0600; nothing is written unless every value is there.
 * @throws UsageError that names every variable and file without a value, never a value.
 */
export function renderSecretFolder(
  catalogue: Catalogue,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): RenderedSecrets {
  if (!relative(resolve(GENERATED_FOLDER), resolve(folder)).startsWith('..')) {
    throw new UsageError(
      `${folder} lies in ${GENERATED_FOLDER}, which is committed`,
      'name a folder that is not, such as monitoring/secrets',
    );
  }
  const problems: string[] = [];
  const read = (secret: Secret): string => {
    try {
      return resolveSecret(secret, env, (path) => readFileSync(path, 'utf8'));
    } catch (error) {
      problems.push((error as Error).message);
      return '';
    }
  };
  const text = deriveAlertmanagerText(catalogue);
  const files = secretFiles(text);
  const ofVariables = files.filter((path) => path.startsWith(`${SECRETS_FOLDER}/`)).map((path) => basename(path));
  const contents = new Map([
    ['alertmanager.yml', renderSecrets(text, read)],
    ...ofVariables.map((variable) => [variable, read({ variable })] as const),
  ]);
  if (problems.length > 0) {
    throw new UsageError(
      `secrets without a value: ${[...new Set(problems)].join('; ')}`,
      'set them, or take the receivers that need them out of the catalogue',
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of contents) writePrivate(join(folder, name), content);
  const others = files.map((path) => basename(path)).filter((name) => !contents.has(name));
  return { written: [...contents.keys()], missing: others.filter((name) => !existsSync(join(folder, name))) };
}

function writePrivate(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  // The mode above holds for a new file only.
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}
