import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkRuleTests } from '../../monitoring/rule-tests/stale.ts';
import type { RuleGroup } from '../../monitoring/rules.ts';
import type { MakeOptions } from './alert-tests.ts';
import { makeGroupTests } from './make.ts';

export interface WriteOptions extends MakeOptions {
  /** Folder that the paths are relative to. */
  root: string;
  onProgress: (text: string) => void;
}

/** What became of the test files; paths are relative to the root. */
export interface WrittenRuleTests {
  written: string[];
  removed: string[];
  /** What has no test, with the name of its group. */
  troubles: string[];
}

/**
 * Brings the test files of all rule groups up to date: makes those anew whose rules have changed, and removes those of groups that are gone.
 * @param existing test files by path relative to the root.
 * @param folder they lie in, relative to the root, ending in a slash.
 */
export async function writeRuleTests(
  groups: readonly RuleGroup[],
  existing: ReadonlyMap<string, string>,
  folder: string,
  options: WriteOptions,
): Promise<WrittenRuleTests> {
  const removed = new Set(checkRuleTests(existing, groups, folder).orphans);
  const written: string[] = [];
  const troubles: string[] = [];
  const due = groups.flatMap((group) => {
    const { stale, missing } = checkRuleTests(existing, [group], folder);
    return stale.length + missing.length > 0 ? [{ group, stale }] : [];
  });
  for (const [index, { group, stale }] of due.entries()) {
    options.onProgress(`  tests of ${group.name}, ${index + 1} of ${due.length} groups`);
    const made = await makeGroupTests(group, options);
    options.signal.throwIfAborted();
    for (const path of stale) removed.add(path);
    for (const [name, text] of made.files) {
      const path = `${folder}${name}`;
      removed.delete(path);
      write(join(options.root, path), text);
      written.push(path);
    }
    troubles.push(...made.troubles.map((trouble) => `${group.name}: ${trouble}`));
  }
  for (const path of removed) rmSync(join(options.root, path), { force: true });
  return { written, removed: [...removed].sort(), troubles };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
