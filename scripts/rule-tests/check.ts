import { globSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readTestFile } from '../../monitoring/audit/mutants/read-tests.ts';
import { parseRuleFile } from '../../monitoring/audit/rule-file/parse.ts';
import type { Problem, SourceFile } from '../../thresholds/load/problem.ts';
import { loadTests } from '../audit/mutants/load-tests.ts';
import { readFiles } from '../audit/read-files.ts';
import { displayPath } from '../run/folder.ts';
import { type RuleTestFault, type RunRuleTestsOptions, runRuleTests } from './run.ts';

/** What test files of promtool came to. */
export interface RuleTestsResult {
  files: readonly SourceFile[];
  tests: number;
  rules: number;
  /** Files that cannot be read as what they should be. */
  problems: readonly Problem[];
  faults: readonly RuleTestFault[];
}

/**
 * Runs test files of promtool, and refuses those that would pass without having looked: every rule that they load must be tested by one of them.
 * @throws UsageError for a path or pattern that names no test file.
 */
export async function checkRuleTestFiles(
  paths: readonly string[],
  options: RunRuleTestsOptions,
): Promise<RuleTestsResult> {
  const { files, problems } = readFiles(paths);
  const rulePaths = new Set(files.flatMap(rulesOf));
  const audited =
    rulePaths.size === 0
      ? []
      : readFiles([...rulePaths].map(displayPath)).files.map((file) => parseRuleFile(file).file);
  const loaded = loadTests(
    files,
    audited.map(({ path }) => path),
  );
  const found = [...problems, ...loaded.problems];
  const given = loaded.faults.map(({ alert, ...fault }) => ({ ...fault, rule: alert }));
  const faults = found.length > 0 ? [] : await runRuleTests(loaded.tests, files, audited, options);
  return {
    files,
    tests: loaded.tests.reduce((sum, { file }) => sum + file.tests.length, 0),
    rules: audited.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).length,
    problems: found,
    faults: [...given, ...faults],
  };
}

function rulesOf(source: SourceFile): string[] {
  const file = readTestFile(source);
  if ('rule' in file) return [];
  const folder = dirname(resolve(source.path));
  return file.ruleFiles.flatMap((pattern) => globSync(pattern, { cwd: folder }).map((name) => resolve(folder, name)));
}
