import { expect, test } from 'vitest';
import { EXIT_CODE, hiddenOutcomes, type Outcome, worstOutcome } from '../../thresholds/outcome.ts';

const rows = (...outcomes: Outcome[]) => outcomes.map((outcome) => ({ outcome }));

test.each<[string, Outcome[], Outcome, Outcome[]]>([
  ['no row at all is inconclusive, never a pass', [], 'inconclusive', []],
  ['only passes pass', ['pass', 'pass'], 'pass', []],
  ['one inconclusive row makes the run inconclusive', ['pass', 'inconclusive'], 'inconclusive', []],
  ['a failure is worse than too few samples', ['inconclusive', 'fail', 'pass'], 'fail', ['inconclusive']],
  [
    'a broken harness is worst and hides a failure',
    ['fail', 'broken', 'inconclusive'],
    'broken',
    ['fail', 'inconclusive'],
  ],
])('%s', (_, outcomes, worst, hidden) => {
  expect(worstOutcome(rows(...outcomes))).toBe(worst);
  expect(hiddenOutcomes(rows(...outcomes))).toEqual(hidden);
});

test('each outcome has an exit code of its own', () => {
  expect(EXIT_CODE).toEqual({ pass: 0, fail: 1, usage: 2, broken: 3, inconclusive: 4, interrupted: 130 });
  expect(new Set(Object.values(EXIT_CODE)).size).toBe(Object.keys(EXIT_CODE).length);
});
