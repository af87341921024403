import type { RuleFile } from '../rule-file/model.ts';
import type { Mutant } from './mutant.ts';
import { plainGroup } from './plain.ts';
import type { TestFile } from './read-tests.ts';
import type { MutantSuite } from './suite.ts';

/** A test file with the rule files that it loads. */
export interface LoadedTests {
  file: TestFile;
  rules: readonly RuleFile[];
}

/** An alert by where it stands. */
export interface AlertPlace {
  /** Path of its rule file. */
  path: string;
  group: number;
  rule: number;
  alert: string;
}

/** A suite of tests that people wrote, with the place of each. */
export interface UserSuite extends MutantSuite {
  file: string;
  /** The line, from 1, on which each test begins. */
  lines: readonly number[];
}

/** The suites in which an alert's mutants meet the tests that people wrote: one for each test file that expects something of it. */
export function userSuites(place: AlertPlace, mutants: readonly Mutant[], tests: readonly LoadedTests[]): UserSuite[] {
  return tests.flatMap(({ file, rules }): UserSuite[] => {
    const own = rules.findIndex(({ path }) => path === place.path);
    const expecting = file.tests.flatMap((test, index) =>
      (test.alert_rule_test ?? []).some(({ alertname }) => alertname === place.alert)
        ? [{ test, line: file.lines[index] ?? 1 }]
        : [],
    );
    if (own === -1 || expecting.length === 0) return [];
    const before = rules.slice(0, own).reduce((sum, { groups }) => sum + groups.length, 0);
    return [
      {
        alert: place.alert,
        group: before + place.group,
        rule: place.rule,
        groups: uniqueGroupNames(rules.flatMap(({ groups }) => groups.map(plainGroup))),
        mutants,
        tests: expecting.map(({ test, line }) => ({ ...test, name: test.name ?? `${file.path}:${line}` })),
        file: file.path,
        lines: expecting.map(({ line }) => line),
        evaluationInterval: file.evaluationInterval,
        groupEvalOrder: file.groupEvalOrder,
      },
    ];
  });
}

/** Groups of several files may share a name; in the one file of a suite they may not. */
export function uniqueGroupNames<T extends { name: string }>(groups: readonly T[]): T[] {
  const seen = new Map<string, number>();
  return groups.map((group) => {
    const count = seen.get(group.name) ?? 0;
    seen.set(group.name, count + 1);
    return count === 0 ? group : { ...group, name: `${group.name} (${count + 1})` };
  });
}
