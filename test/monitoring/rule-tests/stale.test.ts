import { expect, test } from 'vitest';
import { withHeader } from '../../../monitoring/rule-tests/header.ts';
import { checkRuleTests } from '../../../monitoring/rule-tests/stale.ts';
import type { RuleGroup } from '../../../monitoring/rules.ts';

const GROUP: RuleGroup = { name: 'shop', rules: [{ alert: 'Down', expr: 'up == 0', for: '1m' }] };
const FIRST = 'tests/shop.1m_test.yaml';
const SECOND = 'tests/shop.4m_test.yaml';

function good(): Map<string, string> {
  return new Map([
    [FIRST, withHeader(GROUP, 'tests: []\n', { part: 1, parts: 2 })],
    [SECOND, withHeader(GROUP, 'tests: []\n', { part: 2, parts: 2 })],
    ['tests/rules/shop.yml', 'derived like any other file'],
  ]);
}

/** The same groups, whatever was done to the files. */
function changed(_: unknown): RuleGroup[] {
  return [GROUP];
}

test('tests of the rules as they are differ in nothing', () => {
  expect(checkRuleTests(good(), [GROUP], 'tests/')).toEqual({ stale: [], missing: [], orphans: [] });
});

test.each<[string, (files: Map<string, string>) => RuleGroup[], Partial<ReturnType<typeof checkRuleTests>>]>([
  [
    'a rule that waits longer',
    () => [{ ...GROUP, rules: [{ alert: 'Down', expr: 'up == 0', for: '2m' }] }],
    { stale: [FIRST, SECOND] },
  ],
  [
    'a test changed by hand',
    (files) => changed(files.set(FIRST, `${files.get(FIRST)}# by hand\n`)),
    { stale: [FIRST, SECOND] },
  ],
  ['one of two files gone', (files) => changed(files.delete(SECOND)), { stale: [FIRST] }],
  ['a file without its header', (files) => changed(files.set(SECOND, 'tests: []\n')), { stale: [FIRST, SECOND] }],
  ['a group without tests', () => [GROUP, { name: 'new', rules: [] }], { missing: ['tests/new.*_test.yaml'] }],
  ['tests of a group that is gone', () => [], { orphans: [FIRST, SECOND] }],
])('%s is found', (_, spoil, found) => {
  const files = good();
  const groups = spoil(files);
  expect(checkRuleTests(files, groups, 'tests/')).toEqual({ stale: [], missing: [], orphans: [], ...found });
});
