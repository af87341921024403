import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sortFiles } from '../../../scripts/audit/audit.ts';
import { loadTests } from '../../../scripts/audit/mutants/load-tests.ts';
import { readFiles } from '../../../scripts/audit/read-files.ts';
import { runRuleTests } from '../../../scripts/rule-tests/run.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';

const FOLDER = 'monitoring/generated/prometheus/tests';

/** All committed tests take a minute of two idle processors. */
const LIMIT_MS = 300_000;

test('the committed rule tests hold, and none of them is vacuous', { timeout: LIMIT_MS }, async ({ signal }) => {
  const rules = sortFiles(readFiles([`${FOLDER}/rules`]).files).rules.map(({ file }) => file);
  const sources = readFiles(globSync(`${FOLDER}/*_test.yaml`)).files;
  const { tests, problems, faults, others } = loadTests(
    sources,
    rules.map(({ path }) => path),
  );
  expect({ problems, faults, others }).toEqual({ problems: [], faults: [], others: [] });
  expect(tests.length).toBeGreaterThan(rules.length);
  const { path: promtool } = await resolveTool('promtool');
  expect(await runRuleTests(tests, sources, rules, { promtool, signal })).toEqual([]);
});
