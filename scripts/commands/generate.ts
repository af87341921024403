import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DerivedCheck } from '../../monitoring/derived.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { openCatalogue } from '../catalogue-files.ts';
import { counted, type Output } from '../output.ts';
import type { AddCommand } from './command.ts';
import { withCatalogue } from './options.ts';

interface GenerateOptions {
  catalogue: string;
  environment?: string;
  check?: boolean;
  tests?: boolean;
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
    .option('--tests', 'also make the rule tests of those groups whose rules have changed; needs promtool')
    .option(
      '--render-secrets <folder>',
      'write nothing but a private folder to deploy: alertmanager.yml and the secrets that come from variables',
    );
  withCatalogue(command).action(
    run<GenerateOptions>(async (context, options) => {
      const { output, env } = context;
      // Late, as only this command needs it: the builders of dashboards would cost the prober memory and every command its start.
      const { checkDerived, checkDerivedTests, deriveFiles, GENERATED_FOLDER, ruleGroupsOf } = await import(
        '../../monitoring/derived.ts'
      );
      const { updateRuleTests } = await import('../rule-tests/update.ts');
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
      const existing = readExisting(options.into, GENERATED_FOLDER, [...wanted.keys()]);
      const files = checkDerived(existing, wanted);
      const tests = checkDerivedTests(existing, wanted);
      if (options.check === true) {
        const found = joined(files, tests);
        report(output, ['stale', 'missing', 'orphan'], found);
        output.line(`${wanted.size} derived files, ${counted(countOf(found), 'difference')}`);
        if (countOf(files) > 0) output.line('fix: run firedrill generate and commit the result');
        if (countOf(tests) > 0) output.line('fix: run firedrill generate --tests and commit the result');
        return countOf(found) > 0 ? EXIT_CODE.fail : EXIT_CODE.pass;
      }
      for (const path of [...files.stale, ...files.missing]) write(join(options.into, path), wanted.get(path) ?? '');
      for (const path of files.orphans) rmSync(join(options.into, path));
      const made =
        options.tests === true ? await updateRuleTests(context, ruleGroupsOf(wanted), existing, options.into) : null;
      const changed = joined(files, made ?? NO_CHANGE);
      report(output, ['updated', 'written', 'removed'], changed);
      output.line(`${wanted.size} derived files, ${countOf(changed)} changed`);
      if (made === null && countOf(tests) > 0)
        output.line(
          `${counted(countOf(tests), 'rule test file')} out of date: firedrill generate --tests makes them anew`,
        );
      for (const trouble of made?.troubles ?? []) output.line(`without a test: ${trouble}`);
      return (made?.troubles.length ?? 0) > 0 ? EXIT_CODE.fail : EXIT_CODE.pass;
    }),
  );
};

const NO_CHANGE: DerivedCheck = { stale: [], missing: [], orphans: [] };

function joined(a: DerivedCheck, b: DerivedCheck): DerivedCheck {
  return {
    stale: [...a.stale, ...b.stale],
    missing: [...a.missing, ...b.missing],
    orphans: [...a.orphans, ...b.orphans],
  };
}

function countOf({ stale, missing, orphans }: DerivedCheck): number {
  return stale.length + missing.length + orphans.length;
}

/** One line a file, under a verb for each kind of difference. */
function report(
  output: Output,
  verbs: readonly [string, string, string],
  { stale, missing, orphans }: DerivedCheck,
): void {
  if (output.json) {
    output.result(JSON.stringify({ stale, missing, orphans }, null, 2));
    return;
  }
  for (const [index, paths] of [stale, missing, orphans].entries()) {
    for (const path of paths) output.result(`${(verbs[index] ?? '').padEnd(8)} ${path}`);
  }
}

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
