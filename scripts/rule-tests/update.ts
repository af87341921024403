import { type DerivedCheck, RULE_TESTS_FOLDER } from '../../monitoring/derived.ts';
import type { RuleGroup } from '../../monitoring/rules.ts';
import type { CommandContext } from '../commands/command.ts';
import { resolveTool } from '../tools/resolve.ts';
import { writeRuleTests } from './write.ts';

/**
 * Makes the rule tests of a folder of derived files anew where the rules have changed.
 * @returns files that were there before as stale, new ones as missing, removed ones as orphans; and what has no test.
 * @throws HarnessError without promtool.
 */
export async function updateRuleTests(
  { env, output, signal }: CommandContext,
  groups: readonly RuleGroup[],
  existing: ReadonlyMap<string, string>,
  root: string,
): Promise<DerivedCheck & { troubles: string[] }> {
  const onProgress = output.progress;
  const promtool = await resolveTool('promtool', { env, signal, onProgress });
  const { written, removed, troubles } = await writeRuleTests(groups, existing, RULE_TESTS_FOLDER, {
    promtool,
    signal,
    root,
    onProgress,
  });
  return {
    stale: written.filter((path) => existing.has(path)),
    missing: written.filter((path) => !existing.has(path)),
    orphans: removed,
    troubles,
  };
}
