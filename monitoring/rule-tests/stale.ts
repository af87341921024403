import type { RuleGroup } from '../rules.ts';
import { fingerprintOf, readHeader, type TestHeader } from './header.ts';

/** How the test files on disk differ from the rules; paths are sorted. */
export interface RuleTestsCheck {
  stale: string[];
  /** One for each group without tests: the start of the names of its files. */
  missing: string[];
  orphans: string[];
}

/** Names of a group's files begin with this; the evaluation interval follows. */
export function testFileStem(group: string): string {
  return `${group}.`;
}

/**
 * Compares test files by path with the rule groups that they were made from, without making them again: that takes a promtool and minutes.
 * A group's files are stale together, since one of them may be gone.
 * @param folder that the paths begin with, ending in a slash.
 */
export function checkRuleTests(
  files: ReadonlyMap<string, string>,
  groups: readonly RuleGroup[],
  folder: string,
): RuleTestsCheck {
  const paths = [...files.keys()].filter((path) => isTestFile(path, folder)).sort();
  const taken = new Set<string>();
  const stale: string[] = [];
  const missing: string[] = [];
  for (const group of groups) {
    const own = paths.filter((path) => isFileOf(path.slice(folder.length), group.name));
    for (const path of own) taken.add(path);
    const headers = own.map((path) => readHeader(files.get(path) ?? ''));
    if (own.length === 0) missing.push(`${folder}${testFileStem(group.name)}*_test.yaml`);
    else if (!isComplete(headers, group)) stale.push(...own);
  }
  return { stale: stale.sort(), missing: missing.sort(), orphans: paths.filter((path) => !taken.has(path)) };
}

/** Whether a path is in the folder of tests itself: what lies deeper is derived like other files. */
export function isTestFile(path: string, folder: string): boolean {
  return path.startsWith(folder) && !path.slice(folder.length).includes('/');
}

function isFileOf(name: string, group: string): boolean {
  const stem = testFileStem(group);
  return name.startsWith(stem) && /^[\w]+_test\.yaml$/.test(name.slice(stem.length));
}

function isComplete(headers: readonly (TestHeader | null)[], group: RuleGroup): boolean {
  const rules = fingerprintOf(group);
  const parts = new Set(
    headers.map((header) =>
      header?.group === group.name && header.rules === rules && header.parts === headers.length ? header.part : 0,
    ),
  );
  return headers.every((_, index) => parts.has(index + 1));
}
