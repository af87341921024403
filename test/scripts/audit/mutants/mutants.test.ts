import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { AuditReport } from '../../../../monitoring/audit/report.ts';
import { runCommand } from '../../../../scripts/process/run-command.ts';
import { promtool } from '../alert-rule.ts';
import { auditFolder } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-mutants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RULES = {
  groups: [
    {
      name: 'g',
      rules: [
        { alert: 'Errors', expr: 'rate(errors_total{job="api"}[5m]) > 5', for: '10m', labels: { severity: 'page' } },
        { alert: 'Forgotten', expr: 'queue_length > 100' },
        { alert: 'Wrong', expr: 'temperature > 30' },
        { alert: 'Never', expr: 'x{a="1",a="2"} > 0' },
      ],
    },
  ],
};
const fires = (time: string) => [
  { eval_time: time, alertname: 'Errors', exp_alerts: [{ exp_labels: { severity: 'page', job: 'api' } }] },
];
const TESTS = {
  rule_files: ['../rules.yml'],
  evaluation_interval: '1m',
  tests: [
    {
      interval: '1m',
      input_series: [{ series: 'errors_total{job="api"}', values: '0+6000x30' }],
      alert_rule_test: fires('20m'),
    },
    {
      interval: '1m',
      input_series: [{ series: 'temperature', values: '20x5' }],
      alert_rule_test: [{ eval_time: '1m', alertname: 'Wrong', exp_alerts: [{}] }],
    },
    {
      interval: '1m',
      input_series: null,
      alert_rule_test: [{ eval_time: '1m', alertname: 'Errrors', exp_alerts: [] }],
    },
  ],
};

describe('tests that people wrote', () => {
  let report: AuditReport;
  beforeAll(async () => {
    mkdirSync(join(folder, 'tests'));
    writeFileSync(join(folder, 'rules.yml'), stringify(RULES));
    writeFileSync(join(folder, 'tests', 'a_test.yml'), stringify(TESTS));
    report = (await auditFolder([join(folder, 'rules.yml')], { tests: [join(folder, 'tests', 'a_test.yml')] })).report;
  });
  const row = (alert: string) => report.rules.find((each) => each.alert === alert);
  const survivor = (what: string) => row('Errors')?.mutants?.survived.find((each) => each.what === what);

  test('what they notice is killed; what they saw and passed survived', () => {
    expect(survivor('> becomes <')).toBeUndefined();
    expect(survivor('without for: 10m')).toMatchObject({
      reason: 'survived',
      lack: null,
      diff: ['- for: 10m', '+ for: none'],
    });
    expect(survivor('rate becomes increase')).toMatchObject({ reason: 'survived' });
  });

  test('what their input could not show is told apart, with what is missing', () => {
    expect(survivor('without job="api"')).toMatchObject({
      reason: 'fixture too poor',
      lack: 'no series of errors_total whose job does not match',
    });
  });

  test('a survivor comes with a test that passes for the rule and fails for the mutant', async () => {
    const { path } = await promtool();
    for (const what of ['without for: 10m', 'without job="api"']) {
      const killer = parse(survivor(what)?.killer ?? '[]');
      expect(killer).toHaveLength(1);
      const verdict = async (rule: object) => {
        const file = { groups: [{ name: 'g', rules: [{ ...RULES.groups[0]?.rules[0], ...rule }] }] };
        writeFileSync(join(folder, 'one.yml'), stringify(file));
        writeFileSync(
          join(folder, 'one_test.yml'),
          stringify({ rule_files: ['one.yml'], evaluation_interval: '1m', tests: killer }),
        );
        return (await runCommand(path, ['test', 'rules', 'one_test.yml'], { cwd: folder, timeoutMs: 20_000 })).ok;
      };
      expect(await verdict({})).toBe(true);
      expect(await verdict(what.includes('for') ? { for: '0s' } : { expr: 'rate(errors_total[5m]) > 5' })).toBe(false);
    }
  });

  test('an alert without a test has mutants that nobody could notice', () => {
    expect(row('Forgotten')).toMatchObject({ tests: [], mutants: { killed: 0 } });
    expect(new Set(row('Forgotten')?.mutants?.survived.map(({ reason }) => reason))).toEqual(new Set(['untested']));
    expect(report.totals.score).toBeLessThan(report.totals.testedScore ?? 0);
  });

  test('a test that fails for the rule as it is has no score, and is told with its place', () => {
    expect(row('Wrong')?.mutants).toBeNull();
    expect(report.testFaults).toContainEqual(expect.objectContaining({ id: 'test-fails', alert: 'Wrong', line: 16 }));
  });

  test('a test of an alert that is nowhere is told: promtool passes it', () => {
    expect(report.testFaults).toContainEqual(expect.objectContaining({ id: 'unknown-alert', alert: 'Errrors' }));
    expect(report.outcome).toBe('fail');
  });

  test('an alert that cannot fire has no mutants', () => {
    expect(row('Never')).toMatchObject({ witness: 'none', mutants: null });
  });

  test('coverage says which alerts have a test', () => {
    expect(report.coverage?.alerts.map(({ alert, tests }) => `${alert}: ${tests}`)).toEqual([
      'Errors: 1',
      'Forgotten: 0',
      'Wrong: 1',
      'Never: 0',
    ]);
  });
});

describe('tests that are made', () => {
  const SHARED = {
    groups: [
      {
        name: 'late',
        rules: [
          { alert: 'Full', expr: 'disk:used:ratio > 0.9', labels: { severity: 'critical' } },
          { alert: 'Full', expr: 'disk:used:ratio > 0.8', labels: { severity: 'warning' } },
        ],
      },
      { name: 'records', rules: [{ record: 'disk:used:ratio', expr: 'disk_used / disk_size' }] },
    ],
  };
  const made = async (out: string) => {
    writeFileSync(join(folder, 'shared.yml'), stringify(SHARED));
    return auditFolder([join(folder, 'shared.yml')], { writeTests: join(folder, out) });
  };

  test('they pass for the whole file, also where rules share a name or are recorded later, and are the same when made again', async () => {
    const { report } = await made('first');
    await made('second');
    expect(report.testFaults).toEqual([]);
    expect(report.totals.score).toBeGreaterThan(0.9);
    const names = readdirSync(join(folder, 'first'));
    expect(names.length).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'second'))).toEqual(names);
    for (const name of names) {
      const text = readFileSync(join(folder, 'first', name), 'utf8');
      expect(text).toContain('- ../shared.yml');
      expect(readFileSync(join(folder, 'second', name), 'utf8')).toBe(text);
    }
  });

  test('a PrometheusRule is put beside them as promtool reads it', async () => {
    const resource = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'x' },
      spec: { groups: [{ name: 'g', rules: [{ alert: 'Up', expr: 'up == 0' }] }] },
    };
    writeFileSync(join(folder, 'resource.yml'), stringify(resource));
    const { report } = await auditFolder([join(folder, 'resource.yml')], { writeTests: join(folder, 'third') });
    expect(report.testFaults).toEqual([]);
    expect(readdirSync(join(folder, 'third'))).toContain('resource.rules.yaml');
  });
});
