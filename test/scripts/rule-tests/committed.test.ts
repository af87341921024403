import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkRuleTestFiles } from '../../../scripts/rule-tests/check.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { FOLDER, mutateGroup } from './support.ts';

/** All committed tests take a minute of two idle processors. */
const LIMIT_MS = 400_000;

test('the committed rule tests hold, and none of them is vacuous', { timeout: LIMIT_MS }, async ({ signal }) => {
  const { path: promtool } = await resolveTool('promtool');
  const { tests, rules, problems, faults } = await checkRuleTestFiles([`${FOLDER}/*_test.yaml`], { promtool, signal });
  expect({ problems, faults }).toEqual({ problems: [], faults: [] });
  expect(rules).toBeGreaterThan(readdirSync(`${FOLDER}/rules`).length);
  expect(tests).toBeGreaterThan(rules);
});

test('the tests of a group notice another limit, comparison and wait', { timeout: LIMIT_MS }, async ({ signal }) => {
  const { path } = await resolveTool('promtool');
  const { killed, survivors } = await mutateGroup('firedrill-mcp-tools-runs', path, signal);
  expect(survivors).toEqual([]);
  expect(killed).toBeGreaterThan(10);
});
