import { expect, test } from 'vitest';
import { unmeasuredRow } from '../../../monitoring/drill/row.ts';
import { renderDrillTable } from '../../../scripts/drill/table.ts';
import type { AlertRow } from '../../../thresholds/verdict.ts';
import { caseOf } from '../../monitoring/drill/support.ts';

const good: AlertRow = {
  ...unmeasuredRow(caseOf('ServiceDown'), 60, 'pass', ''),
  predictedSeconds: [1.5, 3],
  pendingSeconds: 0.41,
  detectedSeconds: 1.42,
  deliveredSeconds: 1.92,
  resolvedSeconds: 0.48,
  deliveredTo: ['email', 'pagerduty'],
};
const bad: AlertRow = {
  ...unmeasuredRow(
    caseOf('HighErrorRate'),
    60,
    'fail',
    'missed: it never fired, expected within 7.5 s; the rule may look at a metric that nobody exports',
  ),
  place: 'shop.yaml:12',
};

test('a drill is a table of 80 columns, one line an alert, the worst first', () => {
  const table = renderDrillTable(
    [good, bad],
    [{ system: 'shop', alert: 'Watchdog', mode: 'always', reason: 'never is inactive' }],
  );
  expect(`\n${table}\n`).toBe(`
  alert                   pending firing delivered     predicted resolved  speed
  FAIL         shop  1 alert
  HighErrorRate                 -      -         -             -        -    60x
        missed: it never fired, expected within 7.5 s; the rule may look at a
        metric that nobody exports
        api errors 40 % for discord, slack
        shop.yaml:12
  pass         shop  1 alert
  ServiceDown                0.41   1.42      1.92   1.50 - 3.00     0.48    60x
  not drilled
  shop/Watchdog (always): never is inactive
  seconds as run; speed: times faster than real time
`);
});

test('many passes are one line a system, unless each is asked for', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ ...good, alert: `Alert${index}`, detectedSeconds: index }));
  const folded = renderDrillTable([...many, bad]).split('\n');
  expect(folded).toContain('  pass         shop  30 alerts, firing after 0.00 - 29.00 s');
  expect(folded.some((line) => line.includes('HighErrorRate'))).toBe(true);
  expect(folded.some((line) => line.includes('Alert7'))).toBe(false);
  expect(renderDrillTable([...many, bad], [], { verbose: true })).toContain('Alert7 ');
});

test('long names, slow alerts and fast clocks stay within 80 columns', () => {
  const odd: AlertRow = {
    ...good,
    alert: 'AlertmanagerHttpRequestDurationSecondsAbsentEscalated',
    compression: 24_000,
    predictedSeconds: [1_234.6, 12_345.7],
    detectedSeconds: 123.46,
    deliveredSeconds: 1_234.6,
  };
  const lines = renderDrillTable([odd, bad]).split('\n');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.find((line) => line.endsWith('24000x'))).toBe(
    '                             0.41  123.5      1235  1235 - 12346     0.48 24000x',
  );
});

test('nothing to drill is said', () => {
  expect(renderDrillTable([])).toBe('  no alert to drill');
});
