import { expect, test } from 'vitest';
import { renderMetrics } from '../../../scripts/report/metrics.ts';
import { GOOD } from './verdict.ts';

const text = renderMetrics(GOOD);

test('each row of a verdict becomes series with the labels that it goes by', () => {
  expect(text).toContain('firedrill_run_outcome{outcome="pass",environment="sim"} 1\n');
  expect(text).toContain('firedrill_run_outcome{outcome="fail",environment="sim"} 0\n');
  expect(text).toContain('firedrill_run_duration_seconds{environment="sim"} 80\n');
  expect(text).toContain('firedrill_run_rows{part="alerts",outcome="pass",environment="sim"} 1\n');
  expect(text).toContain(
    'firedrill_sla_measured{system="shop",service="api",endpoint="GET /items/{id}",objective="p95",unit="seconds",source="k6",environment="sim"} 0.112\n',
  );
  expect(text).toContain(
    'firedrill_drill_predicted_seconds{system="shop",alertname="ServiceDown",severity="critical",fault="api down",bound="latest",environment="sim"} 2.7\n',
  );
});

test('each name is typed once, before its series', () => {
  const types = text.split('\n').filter((line) => line.startsWith('# TYPE'));
  expect(new Set(types).size).toBe(types.length);
  expect(types.length).toBeGreaterThan(10);
});

test('what was not measured has no value, and quotes in labels are escaped', () => {
  const [row] = GOOD.load;
  if (row === undefined) throw new Error('no row');
  const odd = renderMetrics({ ...GOOD, load: [{ ...row, measured: null, endpoint: 'say "a\\b"\n' }], alerts: [] });
  expect(odd).not.toContain('firedrill_sla_measured');
  expect(odd).toContain('endpoint="say \\"a\\\\b\\"\\n"');
  expect(odd).not.toContain('firedrill_drill');
});

test('what was looked at and not judged is neither kept nor broken', () => {
  const [load] = GOOD.load;
  const [alert] = GOOD.alerts;
  if (load === undefined || alert === undefined) throw new Error('no row');
  const rowsOf = (outcome: 'pass' | 'fail' | 'inconclusive') => {
    const judged = renderMetrics({ ...GOOD, load: [{ ...load, outcome }], alerts: [{ ...alert, outcome }] });
    return judged.split('\n').filter((line) => /^firedrill_(sla_kept|drill_(passed|timestamp_seconds))\{/.test(line));
  };
  const finished = Date.parse(GOOD.finishedAt) / 1_000;
  expect(rowsOf('pass').map((line) => Number(line.split('} ')[1]))).toEqual([1, 1, finished]);
  expect(rowsOf('fail').map((line) => Number(line.split('} ')[1]))).toEqual([0, 0, finished]);
  expect(rowsOf('inconclusive')).toEqual([]);
});
