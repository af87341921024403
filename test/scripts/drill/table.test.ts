import { expect, test } from 'vitest';
import { unmeasuredRow } from '../../../monitoring/drill/row.ts';
import { renderDrillTable } from '../../../scripts/drill/table.ts';
import type { AlertRow } from '../../../thresholds/verdict.ts';
import { caseOf } from '../../monitoring/drill/support.ts';

const { system, alert } = caseOf('ServiceDown');
const good: AlertRow = {
  ...unmeasuredRow(system, alert, 60, 'pass', ''),
  predictedSeconds: [1.5, 3],
  pendingSeconds: 0.41,
  detectedSeconds: 1.42,
  deliveredSeconds: 1.92,
  resolvedSeconds: 0.48,
  deliveredTo: ['email', 'pagerduty'],
};
const bad: AlertRow = {
  ...unmeasuredRow(
    system,
    caseOf('HighErrorRate').alert,
    60,
    'fail',
    'missed: it never fired, expected within 7.5 s; the rule may look at a metric that nobody exports',
  ),
};

test('a drill is a table of 80 columns, the worst first', () => {
  const table = renderDrillTable(
    [good, bad],
    [{ system: 'shop', alert: 'Watchdog', mode: 'always', reason: 'never is inactive' }],
  );
  expect(`\n${table}\n`).toBe(`
               alert               pending firing delivered   predicted resolved
  shop
  fail         HighErrorRate             -      -         -           -        -
               api errors 40 % for discord, slack
               missed: it never fired, expected within 7.5 s; the rule may look
               at a metric that nobody exports
  pass         ServiceDown            0.41   1.42      1.92 1.50 - 3.00     0.48
               api down to email, pagerduty
  shop/Watchdog is not drilled (always): never is inactive
  seconds as run, at 60x the speed of real time
`);
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('nothing to drill is said', () => {
  expect(renderDrillTable([])).toBe('  no alert to drill');
});
