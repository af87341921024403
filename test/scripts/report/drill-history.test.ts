import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withDrillHistory } from '../../../scripts/report/drill-history.ts';
import type { AlertRow, Verdict } from '../../../thresholds/verdict.ts';
import { GOOD } from './verdict.ts';

const NAME = 'firedrill_drill_last_passed_timestamp_seconds';
const drillHistory = (verdict: Verdict, folder: string) => withDrillHistory('', verdict, folder);
const [PASSED] = GOOD.alerts as [AlertRow];
const FINISHED = Date.parse(GOOD.finishedAt) / 1_000;

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'firedrill-history-'));
});
afterEach(() => rmSync(results, { recursive: true }));

const drilled = (...rows: AlertRow[]): Verdict => ({ ...GOOD, alerts: rows });
const series = (alert: string, system = 'shop') =>
  `${NAME}{system="${system}",alertname="${alert}",severity="critical",environment="sim"}`;

/** A run of two minutes ago beside the folder of this one, to which `latest` points. */
function before(...lines: string[]): string {
  const folder = join(results, 'run');
  mkdirSync(folder);
  mkdirSync(join(results, 'earlier'));
  symlinkSync('earlier', join(results, 'latest'));
  writeFileSync(join(results, 'earlier', 'metrics.prom'), `# TYPE ${NAME} gauge\n${lines.join('\n')}\n`);
  return folder;
}

test('an alert that passes carries the time of this run', () => {
  expect(drillHistory(drilled(PASSED), results)).toBe(`# TYPE ${NAME} gauge\n${series('ServiceDown')} ${FINISHED}\n`);
});

test('an alert that does not pass keeps the time of the run in which it last did', () => {
  const folder = before(`${series('ServiceDown')} ${FINISHED - 120}`);
  for (const outcome of ['fail', 'inconclusive', 'broken'] as const) {
    expect(drillHistory(drilled({ ...PASSED, outcome }), folder)).toContain(
      `${series('ServiceDown')} ${FINISHED - 120}\n`,
    );
  }
});

test('an alert that its system no longer has is forgotten, one of a system that was left out is kept', () => {
  const folder = before(`${series('Gone')} ${FINISHED - 9}`, `${series('Full', 'bank')} ${FINISHED - 9}`);
  const text = drillHistory(drilled(PASSED), folder);
  expect(text).not.toContain('Gone');
  expect(text).toContain(`${series('Full', 'bank')} ${FINISHED - 9}\n`);
});

test('a folder that is used again knows its own last run, and what passed over a year ago is forgotten', () => {
  const old = `${series('Full', 'bank')} ${FINISHED - 401 * 86_400}`;
  writeFileSync(join(results, 'metrics.prom'), `${series('ServiceDown')} ${FINISHED - 60}\n${old}\n`);
  const text = drillHistory(drilled({ ...PASSED, outcome: 'fail' }), results);
  expect(text).toContain(`${FINISHED - 60}\n`);
  expect(text).not.toContain('bank');
});

test('an alert that never passed has no time', () => {
  expect(drillHistory(drilled({ ...PASSED, outcome: 'fail' }), results)).toBe('');
});

test('an alert that could not be judged keeps the time at which it last was, in one family with the others', () => {
  const judged = 'firedrill_drill_timestamp_seconds';
  const line = (alert: string) =>
    `${judged}{system="shop",alertname="${alert}",severity="critical",fault="x",environment="sim"}`;
  const folder = before(`${line('ServiceDown')} ${FINISHED - 50}`, `${line('Slow')} ${FINISHED - 50}`);
  const rows = drilled(PASSED, { ...PASSED, alert: 'Slow', outcome: 'inconclusive' });
  const now = `# TYPE ${judged} gauge\n${line('ServiceDown').replace('"x"', '"y"')} ${FINISHED}\n`;
  expect(withDrillHistory(now, rows, folder).split(`# TYPE ${NAME}`)[0]).toBe(
    `# TYPE ${judged} gauge\n${line('Slow')} ${FINISHED - 50}\n${line('ServiceDown').replace('"x"', '"y"')} ${FINISHED}\n`,
  );
});
