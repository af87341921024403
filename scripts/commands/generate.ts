import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { openCatalogue } from '../catalogue-files.ts';
import type { AddCommand } from './command.ts';
import { withCatalogue } from './options.ts';

interface GenerateOptions {
  catalogue: string;
  environment?: string;
  check?: boolean;
  into: string;
  renderSecrets?: string;
}

/** `firedrill generate`: writes the derived files, or with --check compares them. One code path does both. */
export const addGenerate: AddCommand = (program, run) => {
  const command = program
    .command('generate')
    .description('write the files derived from the catalogue: rules, routes, dashboards, targets, runbook, schema')
    .option('--into <folder>', 'folder that monitoring/ and thresholds/ lie in', '.')
    .option('--check', 'write nothing; exit 1 if a file is stale, missing or an orphan')
    .option(
      '--render-secrets <folder>',
      'write nothing but a private folder to deploy: alertmanager.yml and the secrets that come from variables',
    );
  withCatalogue(command).action(
    run<GenerateOptions>(async ({ output, env }, options) => {
      // Late, as only this command needs it: the builders of dashboards would cost the prober memory and every command its start.
      const { checkDerived, deriveFiles, GENERATED_FOLDER } = await import('../../monitoring/derived.ts');
      const catalogue = openCatalogue(options.catalogue, { env, environment: options.environment ?? null });
      if (options.renderSecrets !== undefined) {
        const { renderSecretFolder } = await import('../generate/render-secrets.ts');
        const { written, missing } = renderSecretFolder(catalogue, options.renderSecrets, env);
        if (output.json) output.result(JSON.stringify({ written, missing }, null, 2));
        else {
          for (const name of written) output.result(`written  ${join(options.renderSecrets, name)}`);
          for (const name of missing) output.line(`still to be put there: ${join(options.renderSecrets, name)}`);
        }
        return EXIT_CODE.pass;
      }
      const wanted = deriveFiles(catalogue);
      const { stale, missing, orphans } = checkDerived(
        readExisting(options.into, GENERATED_FOLDER, [...wanted.keys()]),
        wanted,
      );
      const differing = [...stale, ...missing, ...orphans];
      if (options.check !== true) {
        for (const path of [...stale, ...missing]) write(join(options.into, path), wanted.get(path) ?? '');
        for (const path of orphans) rmSync(join(options.into, path));
      }
      if (output.json) output.result(JSON.stringify({ stale, missing, orphans }, null, 2));
      else {
        const verbs = options.check === true ? ['stale', 'missing', 'orphan'] : ['updated', 'written', 'removed'];
        for (const [index, paths] of [stale, missing, orphans].entries()) {
          for (const path of paths) output.result(`${(verbs[index] ?? '').padEnd(8)} ${path}`);
        }
        output.line(
          `${wanted.size} derived files, ${differing.length} ${options.check === true ? 'differ' : 'changed'}`,
        );
        if (options.check === true && differing.length > 0)
          output.line('fix: run firedrill generate and commit the result');
      }
      return options.check === true && differing.length > 0 ? EXIT_CODE.fail : EXIT_CODE.pass;
    }),
  );
};

function readExisting(root: string, below: string, paths: readonly string[]): Map<string, string> {
  const generated = listFiles(join(root, below)).map((path) => `${below}${path}`);
  const texts = new Map<string, string>();
  for (const path of new Set([...paths, ...generated])) {
    try {
      texts.set(path, readFileSync(join(root, path), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return texts;
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
