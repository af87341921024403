import { describe, expect, test } from 'vitest';
import { runAudit, sortFiles } from '../../../scripts/audit/audit.ts';
import { excerpt } from '../../../scripts/audit/report/excerpt.ts';
import { renderAnnotations } from '../../../scripts/audit/report/github.ts';
import { renderAuditHtml } from '../../../scripts/audit/report/html.ts';
import { renderAuditJunit } from '../../../scripts/audit/report/junit.ts';
import { renderAuditMarkdown } from '../../../scripts/audit/report/markdown.ts';
import { renderAudit } from '../../../scripts/audit/report/terminal.ts';

const SOURCE = {
  path: 'rules.yml',
  text: `groups:
  - name: g
    rules:
      - alert: "<script>alert(1)</script>|*"
        expr: histogram_quantile(0.9, x_bucket{path="<b>"}) > 1
      - alert: Sound
        expr: x > 1
      - record: a:b
        expr: x{a="1",a="2"}
`,
};
const BROKEN = { path: 'broken.yml', text: 'groups: {}\n' };
const audit = () => runAudit(sortFiles([SOURCE, BROKEN]), [], { scrapeIntervalMs: 15_000 }, {});

describe('reports of an audit', () => {
  test('the page shows foreign text as text', async () => {
    const page = renderAuditHtml(await audit());
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;');
    expect(page.indexOf('not read')).toBeLessThan(page.indexOf('lifetime-quantile'));
    expect(page).toContain('<tr class="pass"><td>Sound</td>');
  });

  test('JUnit has a suite a file, a case a rule, and no green where something is wrong', async () => {
    const xml = renderAuditJunit(await audit());
    expect(xml).toMatch(/<testsuite name="rules.yml" tests="3" failures="2" errors="0"/);
    expect(xml).toMatch(/<testsuite name="broken.yml" tests="1" failures="0" errors="1"/);
    expect(xml).toContain('lifetime-quantile');
    expect(xml).not.toContain('<script>');
  });

  test('Markdown keeps foreign text out of its marks', async () => {
    const text = renderAuditMarkdown(await audit());
    expect(text).toMatch(/^# firedrill audit: NOT ALL READ\n/);
    expect(text).toContain('\\<script\\>alert(1)\\</script\\>\\|\\*');
    expect(text).toContain('| Sound | rules.yml:6 | not looked for |  |  |  |  |  |');
  });

  test('annotations name file, line and column, on one line each', async () => {
    const lines = renderAnnotations(await audit());
    expect(lines[0]).toMatch(/^::error file=broken.yml,line=1,col=9,title=unreadable::groups must be a list/);
    expect(
      lines.some((line) => line.startsWith('::error file=rules.yml,line=5,col=39,title=lifetime-quantile%3A <script>')),
    ).toBe(true);
    expect(lines.filter((line) => line.includes('\n'))).toEqual([]);
  });

  test('the terminal shows what could not be read first, and says so at the end', async () => {
    const text = renderAudit(await audit(), [SOURCE, BROKEN], 2, false);
    expect(text).toMatch(/^broken.yml:1:9 {2}error/);
    expect(text).toMatch(/NOT ALL READ {3}1 problem {3}2 errors {3}0 advice +exit 2$/);
  });
});

describe('reports of mutants, tests and coverage', () => {
  const SURVIVOR = {
    operator: 'for',
    what: 'without for: 5m',
    diff: ['- for: 5m', '+ for: none <b>'],
    reason: 'fixture too poor',
    lack: 'only constant values for x',
    killer: '- name: "<i>kills"\n',
  } as const;
  const tally = { total: 4, killed: 2, equivalent: 1, survived: [SURVIVOR], equivalents: [] };
  const full = () =>
    runAudit(
      sortFiles([SOURCE]),
      [],
      { scrapeIntervalMs: 15_000, minScore: 0.9 },
      {
        mutants: async (rules) => ({
          tallies: new Map(rules.filter(({ rule }) => rule.name === 'Sound').map((rule) => [rule, tally])),
          tested: new Map(rules.map((rule) => [rule, ['a test']])),
          faults: [{ id: 'unknown-alert', file: 't.yml', line: 3, alert: 'Sond', reason: 'no rule has this name' }],
        }),
        extras: async (rules) => ({
          testFaults: [],
          routing: null,
          coverage: {
            alerts: rules
              .filter(({ rule }) => rule.kind === 'alert')
              .map(({ file, rule }) => ({ file, alert: rule.name, tests: 1, drill: 'pass' })),
            routes: [{ file: 'am.yml', line: 2, receiver: 'pager', alerts: [], tested: 0, drilled: 0 }],
            dashboards: [{ dashboard: 'sla', panels: 2, queries: 3, passed: 2 }],
            drilledAt: '2026-11-20T18:20:11Z',
          },
        }),
      },
    );

  test('the score counts what could be noticed', async () => {
    const { totals, outcome } = await full();
    expect(totals.score).toBeCloseTo(2 / 3);
    expect(totals.mutants).toEqual({
      total: 4,
      killed: 2,
      equivalent: 1,
      survived: 0,
      fixtureTooPoor: 1,
      untested: 0,
    });
    expect(outcome).toBe('fail');
  });

  test('the terminal shows the diff, the reason and the test', async () => {
    const text = renderAudit(await full(), [SOURCE], 1, false);
    expect(text).toContain('rules.yml:6  unnoticed  for   Sound\n      - for: 5m\n      + for: none <b>\n');
    expect(text).toContain('without for: 5m; fixture too poor: only constant values for x');
    expect(text).toContain('t.yml:3  error  unknown-alert   Sond');
    expect(text).toContain('mutation score 66.67 %: 2 of 3 mutants noticed');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('the page shows them as text, and what was covered', async () => {
    const page = renderAuditHtml(await full());
    expect(page).toContain('+ for: none &lt;b&gt;');
    expect(page).toContain('&lt;i&gt;kills');
    expect(page).toContain('no audited alert ends here');
    expect(page).not.toContain('<i>');
  });

  test('JUnit fails below the score and for tests at fault, and skips what nothing covers', async () => {
    const xml = renderAuditJunit(await full());
    expect(xml).toMatch(/<testsuite name="mutation score" tests="1" failures="1"/);
    expect(xml).toMatch(/<testsuite name="t.yml" tests="1" failures="1"/);
    expect(xml).toMatch(/<testsuite name="am.yml" tests="1" failures="0" errors="0" skipped="1"/);
    expect(xml).toMatch(/<testsuite name="dashboards" tests="1" failures="1"/);
    expect(xml).toContain('mutants noticed: 2 of 3');
  });

  test('Markdown and annotations have the survivors and the faults', async () => {
    expect(renderAuditMarkdown(await full())).toContain('  ```diff\n  - for: 5m\n  + for: none <b>\n  ```');
    const lines = renderAnnotations(await full());
    expect(lines.some((line) => line.startsWith('::error file=t.yml,line=3,col=1,title=unknown-alert%3A Sond'))).toBe(
      true,
    );
    expect(
      lines.some((line) => line.startsWith('::notice file=rules.yml,line=6,col=1,title=unnoticed for%3A Sound')),
    ).toBe(true);
  });
});

describe('the excerpt of a line', () => {
  test.each([
    ['a short line as it stands', 'expr: up == 0', 7, 7, ['    3 | expr: up == 0', '      |       ^~~~~~~']],
    ['a tab is one column', '\texpr: up', 8, 2, ['    3 |  expr: up', '      |        ^~']],
  ])('%s', (_, source, column, length, lines) => {
    expect(excerpt(source, 3, column, length, 80)).toEqual(lines);
  });

  test('a long line is cut around the marker and never wider than asked', () => {
    const source = `${' '.repeat(10)}${'a'.repeat(100)}BAD${'b'.repeat(100)}`;
    const [shown = '', marker = ''] = excerpt(source, 1, 111, 3, 80);
    expect(shown.length).toBeLessThanOrEqual(80);
    expect(shown.slice(marker.indexOf('^'), marker.lastIndexOf('~') + 1)).toBe('BAD');
    expect(shown).toMatch(/ \.\.\.a+BADb+\.\.\.$/);
  });
});
