import { expect, test } from 'vitest';
import { judgeMeasured, type MeasuredEvidence } from '../../../thresholds/judge/measured.ts';

const good: MeasuredEvidence = {
  direction: 'below',
  limit: 0.2,
  measured: 0.1,
  samples: 50,
  minSamples: 10,
  format: (value) => `${value} s`,
};

test.each<[string, Partial<MeasuredEvidence>, string, RegExp]>([
  ['below its limit passes', {}, 'pass', /^$/],
  ['at its limit passes', { measured: 0.2 }, 'pass', /^$/],
  ['over its limit fails with both figures', { measured: 0.3 }, 'fail', /0\.3 s, at most 0\.2 s promised/],
  ['a floor is kept from above', { direction: 'above' }, 'fail', /0\.1 s, at least 0\.2 s promised/],
  ['too few samples cannot tell, whatever the number says', { measured: 0.3, samples: 9 }, 'inconclusive', /10 needed/],
  ['no number is no pass', { measured: null }, 'inconclusive', /never measured/],
  ['NaN (0/0 of a series without traffic) is no pass', { measured: Number.NaN }, 'inconclusive', /never measured/],
  ['zero samples are no pass', { samples: 0 }, 'inconclusive', /never measured/],
])('%s', (_, change, outcome, reason) => {
  const judgement = judgeMeasured({ ...good, ...change });
  expect(judgement.outcome).toBe(outcome);
  expect(judgement.reason).toMatch(reason);
});
