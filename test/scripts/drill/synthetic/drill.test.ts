import { expect, test } from 'vitest';
import { OpenScope } from '../support.ts';
import { DOWN, drill } from './support.ts';

const TIMEOUT_MS = 180_000;

test(
  'an alert fires, reaches its receiver and resolves as promtool says, and a rule that cannot match is missed',
  async () => {
    const { rows, cases, problems } = await drill(DOWN);
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([
      {
        alert: 'ServiceDown',
        outcome: 'pass',
        reason: '',
        deliveredTo: ['pager'],
        nearMissSilent: true,
        place: 'rules.yml:5',
      },
    ]);
    const [each] = cases;
    const [low, high] = each?.expected?.firing ?? [0, 0];
    expect(each?.observed?.firingAtMs).toBeGreaterThan(low);
    expect(each?.observed?.firingAtMs).toBeLessThan(high);
    expect(each?.observed?.deliveries.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  },
  TIMEOUT_MS,
);

const ODD = `
groups:
  - name: odd
    rules:
      - record: job:errors:share
        expr: sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m]))
      - alert: ErrorShare
        expr: job:errors:share > 0.05
        for: 10m
        labels: {severity: critical}
      - alert: AtOnce
        expr: queue_length > 100
        labels: {severity: warning, note: "a \\"quoted\\"\\nlabel"}
      - alert: KeepsFiring
        expr: queue_age_seconds > 100
        keep_firing_for: 15m
        labels: {severity: warning}
        annotations: {summary: '{{ .Nothing.At.All }}'}
      - alert: Same
        expr: disk_free < 5
        labels: {severity: warning}
      - alert: Same
        expr: disk_free < 10
        labels: {severity: warning}
      - alert: Watchdog
        expr: vector(1)
        labels: {severity: none}
  - name: broken
    rules:
      - alert: NoPromql
        expr: sum(
`;

test(
  'recorded series, no hold, keep_firing_for, labels with quotes, failing templates, two of one name; the others go on',
  async () => {
    const { rows, fileProblems, problems } = await drill(ODD);
    expect(problems).toEqual([]);
    expect(rows.map(({ alert, outcome, reason }) => [alert, outcome, reason])).toEqual([
      ['ErrorShare', 'pass', ''],
      ['AtOnce', 'pass', ''],
      ['KeepsFiring', 'pass', ''],
      ['Same', 'pass', ''],
      ['Same', 'pass', ''],
      ['Watchdog', 'pass', ''],
      ['NoPromql', 'fail', expect.stringMatching(/^missed: rules\.yml:\d+:\d+: not PromQL/)],
    ]);
    expect(fileProblems).toMatchObject([{ file: 'rules.yml' }]);
  },
  TIMEOUT_MS,
);

test(
  'an alert that can never fire fails, with the reason',
  async () => {
    const { rows } = await drill(DOWN.replace('up{system="shop"} == 0', 'up{system="shop"} > 1 and up < 1'));
    expect(rows).toMatchObject([{ outcome: 'fail', reason: expect.stringMatching(/^missed: it can never fire/) }]);
  },
  TIMEOUT_MS,
);

test(
  'a warning is delivered on series that do not fire the critical alert that inhibits it',
  async () => {
    const { rows } = await drill(`
groups:
  - name: g
    rules:
      - alert: Full
        expr: disk_used_ratio > 0.95
        labels: {severity: critical, system: shop}
      - alert: NearlyFull
        expr: disk_used_ratio > 0.8
        labels: {severity: warning, system: shop}
`);
    expect(rows).toMatchObject([
      { alert: 'Full', outcome: 'pass', deliveredTo: ['pager'] },
      { alert: 'NearlyFull', outcome: 'pass', deliveredTo: ['mail'] },
    ]);
  },
  TIMEOUT_MS,
);

test(
  'a Prometheus that dies leaves what was measured, and says what died',
  async () => {
    const scope = new OpenScope();
    let killed = false;
    const { rows, problems } = await drill(DOWN, {
      scope,
      onState: () => {
        if (!killed) scope.kill('Prometheus');
        killed = true;
      },
    });
    expect(problems).toMatchObject([{ phase: 'drill', outcome: 'broken' }]);
    expect(problems[0]?.reason).toContain('Prometheus');
    expect(rows).toMatchObject([{ outcome: 'broken', reason: expect.stringMatching(/^not finished: Prometheus/) }]);
  },
  TIMEOUT_MS,
);
