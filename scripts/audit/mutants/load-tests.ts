import { globSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readTestFile } from '../../../monitoring/audit/mutants/read-tests.ts';
import type { TestFault } from '../../../monitoring/audit/mutants/test-fault.ts';
import type { LoadedTests } from '../../../monitoring/audit/mutants/user-suites.ts';
import type { RuleFile } from '../../../monitoring/audit/rule-file/model.ts';
import { parseRuleFile } from '../../../monitoring/audit/rule-file/parse.ts';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import { readFiles } from '../read-files.ts';

/** Test files with the rule files that they load, and why others could not be used. */
export interface TestsRead {
  tests: LoadedTests[];
  problems: Problem[];
  /** Tests that would pass without having looked. */
  faults: TestFault[];
  /** Files that test other rules. */
  others: string[];
}

/**
 * Reads test files of promtool. Their `rule_files` are paths and patterns relative to each of them; the rule files' paths come out absolute.
 */
export function loadTests(sources: readonly SourceFile[], audited: readonly string[]): TestsRead {
  const own = new Set(audited.map((path) => resolve(path)));
  const tests: LoadedTests[] = [];
  const problems: Problem[] = [];
  const faults: TestFault[] = [];
  const others: string[] = [];
  // Test files mostly load the same rules.
  const parsed = new Map<string, RuleFile>();
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
    const rules = read.files.map((each) => {
      const path = resolve(each.path);
      const file = parsed.get(path) ?? { ...parseRuleFile(each).file, path };
      parsed.set(path, file);
      return file;
    });
    problems.push(...read.problems);
    const named = file.ruleFiles.join(', ');
    if (paths.length === 0) {
      const reason = `rule_files (${named}) name no file, and promtool passes whatever it loads`;
      faults.push({ id: 'no-rules', file: source.path, line: 1, alert: null, reason });
      continue;
    }
    if (!rules.some(({ path }) => own.has(path))) {
      others.push(source.path);
      continue;
    }
    const known = new Set(
      rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules.map(({ name }) => name))),
    );
    for (const [index, { alert_rule_test: expectations }] of file.tests.entries()) {
      const strangers = (expectations ?? []).map(({ alertname }) => alertname).filter((name) => !known.has(name));
      for (const alert of new Set(strangers)) {
        const reason = `no rule in ${named} has this name, and promtool passes any silence that is expected of it`;
        faults.push({ id: 'unknown-alert', file: source.path, line: file.lines[index] ?? 1, alert, reason });
      }
    }
    tests.push({ file, rules });
  }
  return { tests, problems, faults, others };
}
