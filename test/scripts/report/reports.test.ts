import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../scripts/report/html.ts';
import { renderJunit } from '../../../scripts/report/junit.ts';
import { renderSummary } from '../../../scripts/report/summary.ts';
import { renderVerdict } from '../../../scripts/report/terminal.ts';
import { wrap } from '../../../scripts/report/text.ts';
import type { Verdict } from '../../../thresholds/verdict.ts';
import { GOOD, withLoadRow } from './verdict.ts';

const FAILED = withLoadRow({
  outcome: 'fail',
  measured: 0.612,
  reason: '136 of 1,204 (11.3 %) over the limit, at most 5 % allowed',
});
const HOSTILE = withLoadRow({
  outcome: 'fail',
  endpoint: '<script>alert("x")</script> | & more',
  reason: 'answered <b>',
});
const BROKEN: Verdict = {
  ...FAILED,
  outcome: 'broken',
  harness: {
    ...GOOD.harness,
    problems: [{ phase: 'load', outcome: 'broken', reason: 'Prometheus ended\n  killed by SIGKILL' }],
  },
};

const terminal = (verdict: Verdict, exitCode: number) => renderVerdict(verdict, 'results/x', exitCode, false);

describe('the terminal', () => {
  test('shows a passed run in two lines', () => {
    expect(terminal(GOOD, 0).split('\n')).toEqual([
      '  PASS   pass 3   inconclusive 0   fail 0   broken 0',
      expect.stringMatching(/^ {2}results\/x\/verdict\.json +exit 0$/),
    ]);
  });

  test('shows a broken promise with its evidence, its place, and both figures', () => {
    expect(terminal(FAILED, 1)).toMatchInlineSnapshot(`
      "  FAIL          shop/api  GET /items/{id}  p95
              136 of 1,204 (11.3 %) over the limit, at most 5 % allowed (p95 612 ms,
              limit 500 ms, 1,204 samples)
              catalogue/shop.yaml:9
        FAIL   pass 2   inconclusive 0   fail 1   broken 0
        results/x/verdict.json                                                  exit 1"
    `);
  });

  test('shows the worst first, and says what it hides', () => {
    const text = terminal(BROKEN, 3);
    expect(text.indexOf('BROKEN')).toBeLessThan(text.indexOf('FAIL'));
    expect(text).toContain('also fail: 1 row');
    expect(text).toContain('killed by SIGKILL');
  });

  test('stays within 80 columns', () => {
    const long = withLoadRow({
      outcome: 'fail',
      endpoint: `GET /${'long '.repeat(40)}`,
      reason: 'because '.repeat(60),
    });
    for (const line of terminal(long, 1).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('names the rest when many rows failed', () => {
    const [row] = FAILED.load;
    const many = { ...FAILED, load: Array.from({ length: 30 }, (_, index) => ({ ...row, endpoint: `GET /${index}` })) };
    expect(terminal(many as Verdict, 1)).toContain('and 18 more rows: fail');
  });
});

describe('JUnit', () => {
  test('counts a broken promise as a failure, and what could not be judged as an error, never as skipped', () => {
    expect(renderJunit(GOOD)).toContain('tests="3" failures="0" errors="0" skipped="0"');
    expect(renderJunit(FAILED)).toContain('tests="3" failures="1" errors="0" skipped="0"');
    const inconclusive = withLoadRow({ outcome: 'inconclusive', reason: 'endpoint never hit' });
    expect(renderJunit(inconclusive)).toContain('tests="3" failures="0" errors="1" skipped="0"');
    expect(renderJunit(inconclusive)).toContain('type="inconclusive"');
  });

  test('names file and line of what did not hold, where CI systems look for them', () => {
    const xml = renderJunit(FAILED);
    expect(xml).toMatch(
      /<testcase [^>]*name="shop\/api {2}GET \/items\/\{id\} {2}p95" file="catalogue\/shop.yaml" line="9"/,
    );
    expect(xml).toContain('1,204 samples) at catalogue/shop.yaml:9"');
  });

  test('leaves a text alone that looks like a place', () => {
    const quoted = withLoadRow({ outcome: 'fail', reason: '<testcase file="x.yaml:9"', place: 'a "b".yaml:3' });
    expect(renderJunit(quoted)).toContain('file="a &quot;b&quot;.yaml" line="3"');
    expect(renderJunit(quoted)).not.toContain('file="x.yaml" line="9"');
  });

  test('escapes what services are called', () => {
    expect(renderJunit(HOSTILE)).not.toContain('<script>');
  });
});

describe('the summary', () => {
  test('begins with the outcome and what failed', () => {
    const lines = renderSummary(FAILED).split('\n').filter(Boolean);
    expect(lines[0]).toBe('# firedrill nightly: FAIL');
    expect(lines[2]).toBe('## fail');
    expect(lines[3]).toContain('**shop/api  GET /items/{id}  p95**: 136 of 1,204');
  });

  test('keeps its tables whole whatever a service is called', () => {
    const row =
      renderSummary(HOSTILE)
        .split('\n')
        .find((line) => line.startsWith('| shop/api')) ?? '';
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(9);
    expect(renderSummary(HOSTILE)).not.toContain('<script>');
  });
});

describe('the page', () => {
  test('shows the outcome, the evidence and every row', () => {
    const page = renderHtml(FAILED);
    expect(page).toContain('<p class="outcome fail">fail</p>');
    expect(page).toContain('136 of 1,204 (11.3 %) over the limit');
    expect(page).toContain('took 80 s, exit code 1');
    expect(page.match(/<tr class=/g)).toHaveLength(3);
  });

  test('runs no script and loads nothing, whatever a service is called', () => {
    expect(renderHtml(HOSTILE).replace('<a href="drill.html">', '')).not.toMatch(/<script|src=|href=|@import|url\(/);
    expect(renderHtml({ ...HOSTILE, alerts: [] })).not.toContain('href=');
  });
});

test('a text is broken at spaces only, and double spaces survive', () => {
  expect(wrap('shop/api  GET /x  p95', 12)).toEqual(['shop/api', 'GET /x  p95']);
  expect(wrap('abcdefghijklmnop', 5)).toEqual(['abcdefghijklmnop']);
});
