import { closeSync, cpSync, ftruncateSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, ROOT, temporaryFolder } from './support.ts';

const FIXTURES = join(ROOT, 'test', 'fixtures', 'audit');

const GOOD = `groups:
  - name: g
    rules:
      - alert: QueueLong
        expr: max by (queue) (queue_length) > 100
        for: 5m
        labels: {severity: warning}
        annotations: {summary: "{{ $labels.queue }} has {{ $value }} waiting"}
`;

test('the rules of the five documents: every error with its place, the line, the reason and the fix', async () => {
  const { code, stdout } = await cli(['audit', '*.yaml', '--no-witness'], {
    cwd: FIXTURES,
    env: { GITHUB_ACTIONS: undefined },
  });
  expect(code).toBe(1);
  const at = stdout.indexOf('personalization.yaml:9:40  error  lifetime-quantile   HighLatency');
  expect(at).toBeGreaterThan(-1);
  expect(stdout.slice(at).split('\n').slice(1, 7).join('\n')).toBe(
    [
      '    9 | ...: histogram_quantile(0.95, api_request_duration_seconds_bucket) > 0.5',
      '      |                               ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
      '      The buckets count since the process started, so a slow hour after a fast',
      '      week never shows, and a slow start never clears.',
      '      fix: histogram_quantile(0.95, sum by (le)',
      '      (rate(api_request_duration_seconds_bucket[5m]))) > 0.5',
    ].join('\n'),
  );
  expect(stdout).toMatch(
    / {2}13 alerts and 12 recording rules in 5 files\n {2}FAIL {3}13 errors {3}4 advice +exit 1\n$/,
  );
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('a clean file ends with 0, with a witness and a near miss that promtool saw, and leaves every report', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'good.yml'), GOOD);
  const out = join(folder, 'out');
  const { code, stdout } = await cli(['audit', join(folder, 'good.yml'), '--json', '--out', out]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report.rules).toMatchObject([
    {
      file: expect.stringContaining('good.yml'),
      group: 'g',
      alert: 'QueueLong',
      witness: 'found',
      reason: '',
      nearMissSilent: true,
      findings: [],
    },
  ]);
  expect(report.totals).toMatchObject({ alerts: 1, errors: 0, witnessed: 1, nearMissSilent: 1 });
  expect(readdirSync(out).sort()).toEqual(['audit.html', 'audit.json', 'junit.xml', 'summary.md']);
  expect(JSON.parse(readFileSync(join(out, 'audit.json'), 'utf8'))).toEqual(report);
  expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toMatch(/tests="1" failures="0" errors="0"/);
});

test('an alert that cannot fire has no witness and says why', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'never.yml'), GOOD.replace('queue_length)', 'queue_length{queue="a",queue="b"})'));
  const { code, stdout } = await cli(['audit', join(folder, 'never.yml'), '--json']);
  expect(code).toBe(1);
  const { rules, totals } = JSON.parse(stdout);
  expect(rules[0]).toMatchObject({
    witness: 'none',
    reason: expect.stringMatching(/^cannot fire/),
    nearMissSilent: null,
  });
  expect(rules[0].findings.map(({ id }: { id: string }) => id)).toEqual(['cannot-fire']);
  expect(totals.cannotFire).toBe(1);
});

test('what is no rule file is told with its place, and the other files go on', async () => {
  const folder = temporaryFolder();
  const files: Record<string, string | Uint8Array> = {
    'empty.yml': '',
    'binary.yml': new Uint8Array([0xff, 0xfe, 0x00, 0x80]),
    'deep.yml': `groups: ${'['.repeat(50_000)}`,
    'bomb.yml': `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(', ')}]`).join('\n')}\ngroups: *h\n`,
    'helm.yml': `{{- if .Values.alerts }}\n${GOOD}{{- end }}\n`,
    'crlf.yml': GOOD.replaceAll('\n', '\r\n'),
    'good.yml': GOOD,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const huge = openSync(join(folder, 'huge.yml'), 'w');
  ftruncateSync(huge, 50_000_000);
  closeSync(huge);
  const { code, stdout, stderr } = await cli(['audit', folder, '--json', '--no-witness'], { deadlineMs: 60_000 });
  expect(code).toBe(2);
  expect(stderr).toBe('');
  const { problems, rules } = JSON.parse(stdout);
  expect(rules.map(({ file }: { file: string }) => file.split('/').at(-1))).toEqual(['crlf.yml', 'good.yml']);
  const broken = new Map<string, { line: number; column: number; rule: string; fix: string }>();
  for (const problem of problems) broken.set(problem.file.split('/').at(-1), problem);
  expect([...broken.keys()].sort()).toEqual([
    'binary.yml',
    'bomb.yml',
    'deep.yml',
    'empty.yml',
    'helm.yml',
    'huge.yml',
  ]);
  for (const { line, column, fix } of broken.values()) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(fix).not.toBe('');
  }
  expect(broken.get('huge.yml')?.rule).toContain('50 MB');
  expect(problems.find(({ file }: { file: string }) => file.endsWith('helm.yml')).fix).toContain('helm template');
});

test('other resources in a folder are left out and named', async () => {
  const folder = temporaryFolder();
  cpSync(join(FIXTURES, 'flashcards.yaml'), join(folder, 'a.yaml'));
  writeFileSync(join(folder, 'b.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n');
  const { code, stdout } = await cli(['audit', folder, '--no-witness']);
  expect(code).toBe(0);
  expect(stdout).toContain('1 file left out: resources without rules');
});

const GOOD_TESTS = `rule_files: [good.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [{series: 'queue_length{queue="a"}', values: 500x20}]
    alert_rule_test:
      - eval_time: 10m
        alertname: QueueLong
        exp_alerts: [{exp_labels: {queue: a, severity: warning}, exp_annotations: {summary: a has 500 waiting}}]
`;

test('tests among the rule files are judged: what they miss is shown with a test, and the score gates', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'good.yml'), GOOD);
  writeFileSync(join(folder, 'good_test.yml'), GOOD_TESTS);
  const out = temporaryFolder();
  const env = { GITHUB_ACTIONS: undefined };
  const low = await cli(['audit', folder, '--min-score', '20', '--out', out], { env });
  expect(low.code).toBe(0);
  expect(low.stdout).toMatch(/ {2}unnoticed {2}for[\s\S]*- for: 5m\n +\+ for: none[\s\S]*noticed by:/);
  expect(low.stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('/'))).toEqual([]);
  const { rules, totals, coverage } = JSON.parse(readFileSync(join(out, 'audit.json'), 'utf8'));
  const { total, killed, equivalent, survived } = rules[0].mutants;
  expect(killed + equivalent + survived.length).toBe(total);
  expect(totals.score).toBeCloseTo(killed / (total - equivalent));
  expect(coverage.alerts).toMatchObject([{ alert: 'QueueLong', tests: 1, drill: null }]);
  const high = await cli(['audit', folder, '--min-score', '99'], { env });
  expect(high.code).toBe(1);
  expect(high.stdout).toMatch(/asked for: at least 99 %\n[\s\S]*FAIL {3}0 errors/);
});

test('a gate without a mutant to count has not looked', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'records.yml'), 'groups: [{name: g, rules: [{record: a:b, expr: sum(x)}]}]\n');
  expect((await cli(['audit', folder, '--min-score', '50'])).code).toBe(4);
});

test.each([
  ['no file', ['audit'], /missing required argument/],
  ['a pattern that names nothing', ['audit', 'nowhere/*.yml'], /there is no file nowhere/],
  ['a score that is none', ['audit', 'x.yml', '--min-score', '120'], /from 0 to 100/],
  ['cases without their file', ['audit', 'package.json', '--route-tests', 'x.yml'], /--alertmanager FILE/],
  ['a scrape interval that is none', ['audit', 'x.yml', '--scrape-interval', 'often'], /Write a duration/],
])('%s is a wrong command line', async (_, args, message) => {
  const { code, stderr } = await cli(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('a longer scrape interval makes windows short', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'a.yml'),
    GOOD.replace('max by (queue) (queue_length) > 100', 'rate(x_total[1m]) > 1').replace(/ +annotations.*\n/, ''),
  );
  const args = ['audit', join(folder, 'a.yml'), '--no-witness'];
  expect((await cli(args)).code).toBe(0);
  const { code, stdout } = await cli([...args, '--scrape-interval', '30s']);
  expect(code).toBe(1);
  expect(stdout).toContain('short-window');
});

test('in GitHub Actions each finding is an annotation too', async () => {
  const { stdout } = await cli(['audit', 'test/fixtures/audit/personalization.yaml', '--no-witness'], {
    env: { GITHUB_ACTIONS: 'true' },
  });
  expect(stdout).toContain(
    '::error file=test/fixtures/audit/personalization.yaml,line=9,col=40,title=lifetime-quantile%3A HighLatency::',
  );
});
