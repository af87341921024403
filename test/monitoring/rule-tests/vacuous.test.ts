import { expect, test } from 'vitest';
import { parseRuleFile } from '../../../monitoring/audit/rule-file/parse.ts';
import { vacuousTests, type WholeTest } from '../../../monitoring/rule-tests/vacuous.ts';

const RULES = parseRuleFile({
  path: 'rules.yml',
  text: `groups:
  - name: shop
    rules:
      - record: shop:errors:rate5m
        expr: rate(errors_total[5m])
      - alert: Errors
        expr: shop:errors:rate5m > 1
        labels: { severity: critical }
`,
}).file;

const LOOKS = [
  { alert: 'Errors', firing: [{ severity: 'critical', service: 'cart' }] },
  { alert: 'Errors', firing: [] },
];
const GOOD: WholeTest = { line: 4, name: 'fires', input: new Set(['errors_total']), alerts: LOOKS, expressions: [] };

function idsOf(tests: readonly WholeTest[]): string[] {
  return vacuousTests([{ path: 'shop_test.yml', tests, rules: [RULES] }], [RULES]).map(
    ({ id, file, line, rule }) => `${id} ${file}:${line} ${rule}`,
  );
}

test('tests that fire and keep silent on what the rules read are not vacuous', () => {
  expect(idsOf([GOOD])).toEqual([]);
});

test.each<[string, readonly WholeTest[], string[]]>([
  [
    'a file without tests',
    [],
    ['no-tests shop_test.yml:1 null', 'untested rules.yml:4 shop:errors:rate5m', 'untested rules.yml:6 Errors'],
  ],
  ['a test that expects nothing', [GOOD, { ...GOOD, line: 9, alerts: [] }], ['no-expectation shop_test.yml:9 null']],
  [
    'series that no rule reads',
    [GOOD, { ...GOOD, line: 9, input: new Set(['erors_total']) }],
    ['no-series shop_test.yml:9 null'],
  ],
  [
    'an alert of which only silence is expected',
    [{ ...GOOD, alerts: LOOKS.slice(1) }],
    ['never-fires rules.yml:6 Errors'],
  ],
  [
    'an alert that fires with the labels of another rule',
    [{ ...GOOD, alerts: [{ alert: 'Errors', firing: [{ severity: 'warning' }] }, ...LOOKS.slice(1)] }],
    ['never-fires rules.yml:6 Errors'],
  ],
  [
    'an alert of which silence is never expected',
    [{ ...GOOD, alerts: LOOKS.slice(0, 1) }],
    ['never-silent rules.yml:6 Errors'],
  ],
  [
    'an alert that no test names',
    [{ ...GOOD, alerts: [], expressions: ['shop:errors:rate5m'] }],
    ['untested rules.yml:6 Errors'],
  ],
  [
    'a recording rule beside which its result is fed in',
    [{ ...GOOD, input: new Set(['shop:errors:rate5m']) }],
    ['untested rules.yml:4 shop:errors:rate5m'],
  ],
])('%s is refused', (_, tests, found) => {
  expect(idsOf(tests)).toEqual(found);
});
