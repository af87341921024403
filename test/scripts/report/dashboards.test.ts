import { expect, test } from 'vitest';
import { renderJunit } from '../../../scripts/report/junit.ts';
import { renderSummary } from '../../../scripts/report/summary.ts';
import { renderVerdict } from '../../../scripts/report/terminal.ts';
import type { DashboardRow, Verdict } from '../../../thresholds/verdict.ts';
import { GOOD } from './verdict.ts';

const ROW: DashboardRow = {
  dashboard: 'shop-overview',
  panel: 'Requests',
  query: 'A: sum(rate(requests_total[5m]))',
  healthy: 'data',
  faulty: 'moved: it rose from at most 1 to 5',
  outcome: 'pass',
  reason: '',
};
const EMPTY: DashboardRow = {
  ...ROW,
  panel: 'Errors',
  healthy: 'empty',
  faulty: '',
  outcome: 'fail',
  reason: 'empty: x',
};
const verdict: Verdict = { ...GOOD, outcome: 'fail', dashboards: [ROW, EMPTY] };

test('an empty panel is a finding with its dashboard, its title and its query', () => {
  expect(renderVerdict(verdict, 'results/x', 1, false)).toContain('shop-overview  Errors  A');
  expect(renderJunit(verdict)).toContain('firedrill.dashboards');
});

test('the table has a line a dashboard, as bad as its worst query', () => {
  expect(renderSummary(verdict)).toMatch(/shop-overview\W+2\W+2\W+1\W+1\W+fail/);
});

test('without disturbance it says so', () => {
  const only = { ...verdict, dashboards: [{ ...ROW, faulty: '' }] };
  expect(renderSummary(only)).toMatch(/shop-overview\W+1\W+1\W+1\W+not tried\W+pass/);
});
