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
