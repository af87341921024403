import { describe, expect, test } from 'vitest';
import { holmRejections } from '../../../thresholds/judge/holm.ts';
import { judgeShares, type ShareEvidence, samplesNeeded } from '../../../thresholds/judge/share.ts';

const good: ShareEvidence = { kind: 'success', targetShare: 0.99, samples: 300, bad: 0 };

describe('one promise', () => {
  test.each<[string, Partial<ShareEvidence>, string, RegExp]>([
    ['enough good samples pass', {}, 'pass', /^$/],
    ['three bad of 300 are the promised 99 %', { bad: 3 }, 'pass', /^$/],
    ['one sample short cannot tell', { samples: 299 }, 'inconclusive', /299 samples, 300 needed/],
    ['no sample is never a pass', { samples: 0 }, 'inconclusive', /never measured/],
    ['one allowed request says nothing', { samples: 1 }, 'inconclusive', /1 samples, 300 needed/],
    ['six bad of 300 may be chance', { bad: 6 }, 'inconclusive', /within chance/],
    [
      'seven bad of 300 are significant',
      { bad: 7 },
      'fail',
      /7 of 300 \(2\.333 %\) not as expected, at most 1 % allowed/,
    ],
    ['a service that is down fails on few samples', { samples: 5, bad: 5 }, 'fail', /5 of 5 \(100 %\)/],
    ['a promise of no error at all fails by one', { targetShare: 1, bad: 1 }, 'fail', /1 of 300/],
    ['a promise of no error at all can pass', { targetShare: 1 }, 'pass', /^$/],
    ['a p95 needs 100 samples', { kind: 'latency', targetShare: 0.95, samples: 100, bad: 5 }, 'pass', /^$/],
    [
      '99 samples are too few for a p95',
      { kind: 'latency', targetShare: 0.95, samples: 99 },
      'inconclusive',
      /100 needed/,
    ],
    [
      'a limit below every answer fails',
      { kind: 'latency', targetShare: 0.95, samples: 100, bad: 100 },
      'fail',
      /over the limit/,
    ],
  ])('%s', (_, change, outcome, reason) => {
    const [judgement] = judgeShares([{ ...good, ...change }]);
    expect(judgement?.outcome).toBe(outcome);
    expect(judgement?.reason).toMatch(reason);
  });
});

test.each([
  ['latency', 0.95, 100],
  ['latency', 0.99, 500],
  ['success', 0.99, 300],
  ['success', 0.999, 3000],
  ['success', 1, 300],
] as const)('%s at %f needs %i samples', (kind, share, needed) => {
  expect(samplesNeeded(kind, share)).toBe(needed);
});

test('what is significant alone may be chance among a hundred rows', () => {
  const suspect = { ...good, bad: 7 };
  const run = judgeShares([suspect, ...Array.from({ length: 99 }, () => good)]);
  expect(run[0]?.outcome).toBe('inconclusive');
  expect(judgeShares([suspect])[0]?.outcome).toBe('fail');
});

test('a run of a hundred rows that keep their promise exactly fails in under 5 % of runs', () => {
  // 100 rows, each 300 samples at exactly 1 % bad: the chance that any is called a failure stays under the level.
  let state = 42;
  const random = () => {
    // mulberry32: seeded, so that this test gives the same answer each time.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const draw = () => Array.from({ length: 300 }, random).filter((value) => value < 0.01).length;
  let failedRuns = 0;
  for (let run = 0; run < 200; run += 1) {
    const rows = Array.from({ length: 100 }, () => ({ ...good, bad: draw() }));
    if (judgeShares(rows).some(({ outcome }) => outcome === 'fail')) failedRuns += 1;
  }
  expect(failedRuns).toBeLessThanOrEqual(16);
});

test.each<[string, number[], boolean[]]>([
  ['the smallest is held against alpha / m', [0.04, 0.02], [true, true]],
  ['a step that fails stops the rest', [0.04, 0.03], [false, false]],
  ['order of the input is kept', [0.5, 0.001, 0.5], [false, true, false]],
  ['nothing in, nothing out', [], []],
])('Holm: %s', (_, pValues, expected) => {
  expect(holmRejections(pValues, 0.05)).toEqual(expected);
});
