import { globSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readTestFile } from '../../../monitoring/audit/mutants/read-tests.ts';
import type { LoadedTests } from '../../../monitoring/audit/mutants/user-suites.ts';
import { parseRuleFile } from '../../../monitoring/audit/rule-file/parse.ts';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import { readFiles } from '../read-files.ts';

/** Test files with the rule files that they load, and why others could not be used. */
export interface TestsRead {
  tests: LoadedTests[];
  problems: Problem[];
}

/**
 * Reads test files of promtool. Their `rule_files` are paths and patterns relative to each of them; the rule files' paths come out absolute. A
 * test file that loads none of the audited rule files, or expects something of an alert that is nowhere, would pass without having looked: a problem.
 */
export function loadTests(sources: readonly SourceFile[], audited: readonly string[]): TestsRead {
  const own = new Set(audited.map((path) => resolve(path)));
  const tests: LoadedTests[] = [];
  const problems: Problem[] = [];
  for (const source of sources) {
    const file = readTestFile(source);
    if ('rule' in file) {
      problems.push(file);
      continue;
    }
    const folder = dirname(resolve(source.path));
    const paths = file.ruleFiles.flatMap((pattern) =>
      globSync(pattern, { cwd: folder }).map((name) => resolve(folder, name)),
    );
    const read = readFiles([...new Set(paths)].sort());
    const rules = read.files.map((each) => ({ ...parseRuleFile(each).file, path: resolve(each.path) }));
    problems.push(...read.problems);
    const problem = (line: number, rule: string, fix: string): Problem => {
      return { file: source.path, line, column: 1, length: 1, path: 'tests', rule, fix };
    };
    if (!rules.some(({ path }) => own.has(path))) {
      const named = file.ruleFiles.join(', ');
      const fix = 'audit the rule files that it names, or correct its rule_files';
      problems.push(problem(1, `rule_files (${named}) names none of the audited rule files`, fix));
      continue;
    }
    const known = new Set(
      rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules.map(({ name }) => name))),
    );
    for (const [index, { alert_rule_test: expectations }] of file.tests.entries()) {
      const strangers = new Set(
        (expectations ?? []).map(({ alertname }) => alertname).filter((name) => !known.has(name)),
      );
      for (const name of strangers) {
        const fix = 'correct the name: promtool passes any silence that is expected of it';
        problems.push(problem(file.lines[index] ?? 1, `it expects something of ${name}, which no rule file has`, fix));
      }
    }
    tests.push({ file, rules });
  }
  return { tests, problems };
}
