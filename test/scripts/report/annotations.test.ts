import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderAnnotations } from '../../../scripts/report/annotations.ts';
import type { AlertRow, Verdict } from '../../../thresholds/verdict.ts';
import { GOOD } from './verdict.ts';

const [ROW] = GOOD.alerts as [AlertRow];
const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: process.cwd() };
const annotate = (change: Partial<AlertRow>, env: NodeJS.ProcessEnv = GITHUB) =>
  renderAnnotations({ ...GOOD, alerts: [{ ...ROW, ...change }] }, env);

test('an alert that failed is shown at the line of its rule', () => {
  const place = join(process.cwd(), 'rules/shop.yml:12');
  expect(annotate({ outcome: 'fail', reason: 'missed: it never fired', place })).toEqual([
    '::error file=rules/shop.yml,line=12,title=fail%3A shop ServiceDown (api down)::missed: it never fired (delivered to slack after 1.4 s)',
  ]);
});

test('what could not be judged is a warning', () => {
  expect(annotate({ outcome: 'inconclusive', place: 'a.yml:3' })[0]).toMatch(/^::warning file=a\.yml,line=3,/);
});

test('lines, percent signs, commas and colons do not end the command', () => {
  const [line] = annotate({ outcome: 'fail', fault: 'a, b: c', reason: '40 %\nof all', place: 'C,D.yml:3' });
  expect(line).toContain('file=C%2CD.yml,line=3,title=fail%3A shop ServiceDown (a%2C b%3A c)::40 %25%0Aof all');
});

test('a file outside of the repository keeps its path, and a row without a place has none', () => {
  expect(annotate({ outcome: 'fail', place: '/etc/rules.yml:4' })[0]).toContain('file=/etc/rules.yml,line=4,');
  expect(annotate({ outcome: 'broken' })[0]).toMatch(/^::error title=broken/);
});

test('nothing is said of what passed, nor outside of GitHub', () => {
  expect(annotate({})).toEqual([]);
  expect(annotate({ outcome: 'fail' }, {})).toEqual([]);
});

test('the worst ten errors are shown, and the warnings beside them', () => {
  const many = Array.from({ length: 30 }, (_, index): AlertRow => {
    return { ...ROW, alert: `A${index}`, outcome: index === 29 ? 'broken' : index === 28 ? 'inconclusive' : 'fail' };
  });
  const lines = renderAnnotations({ ...GOOD, alerts: many } satisfies Verdict, GITHUB);
  expect(lines).toHaveLength(11);
  expect(lines[0]).toContain('broken');
  expect(lines.at(-1)).toContain('::warning');
});
