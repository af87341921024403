import { describe, expect, it } from 'vitest';
import type { ProbeReason, ProbeResult } from '../../probes/result.ts';
import { probeRows } from '../../probes/rows.ts';
import { addToTally, emptyTally } from '../../probes/tally.ts';

function result(reason: ProbeReason, durationSeconds = 0.01): ProbeResult {
  const outcome = reason === 'none' ? 'success' : reason === 'lagging' ? 'unknown' : 'failure';
  const detail = reason === 'none' ? '' : `saw ${reason}`;
  return { outcome, reason, detail, durationSeconds, degraded: false, phases: {}, facts: {} };
}

/** Runs in order: `.` success, `r` refused, `t` timeout, `?` unknown. */
function tallyOf(runs: string) {
  const tally = emptyTally('shop/cart', 'http');
  const reasons: Record<string, ProbeReason> = { '.': 'none', r: 'refused', t: 'timeout', '?': 'lagging' };
  for (const run of runs) addToTally(tally, result(reasons[run] as ProbeReason));
  return tally;
}

describe('the row of a target', () => {
  it.each([
    ['three good runs', '...', 'pass', ''],
    ['no run', '', 'inconclusive', 'never ran'],
    ['two good runs', '..', 'inconclusive', '2 judged runs, 3 needed to tell'],
    ['every run failed', 'rrr', 'fail', '3 of 3 runs failed, refused: saw refused'],
    ['two runs, both failed', 'rr', 'fail', '2 of 2 runs failed, refused: saw refused'],
    [
      'one run, which failed',
      'r',
      'inconclusive',
      '1 judged run, 3 needed to tell; 1 of 1 runs failed, refused: saw refused',
    ],
    [
      'one failure of few',
      '..r...',
      'inconclusive',
      '1 of 6 runs failed, refused: saw refused; one alone proves nothing',
    ],
    [
      'one failure at the end',
      '.....r',
      'inconclusive',
      '1 of 6 runs failed, refused: saw refused; one alone proves nothing',
    ],
    ['down at the end', '.....rr', 'fail', 'down at the end: 2 of 7 runs failed, refused: saw refused'],
    [
      'down at the end, with an unknown run between',
      `${'.'.repeat(20)}r?r`,
      'fail',
      'down at the end: 2 of 22 runs failed, refused: saw refused',
    ],
    [
      'significant failures, the most frequent reason named',
      't.rr.rr.',
      'fail',
      '5 of 8 runs failed, refused 4 times: saw refused, at most 1 % allowed',
    ],
    [
      'failures within chance',
      `${'.'.repeat(60)}r.${'.'.repeat(60)}r.`,
      'inconclusive',
      '2 of 124 runs failed, refused: saw refused: too few to tell from chance',
    ],
    ['one failure of 300', `${'.'.repeat(200)}r${'.'.repeat(99)}`, 'pass', ''],
    [
      'over a tenth unknown',
      '........?.?',
      'inconclusive',
      '2 of 11 runs could not be judged, at most 10 % allowed, lagging: saw lagging',
    ],
    [
      'over a tenth unknown, the rest failed',
      'rrrr?',
      'inconclusive',
      '1 of 5 runs could not be judged, at most 10 % allowed, lagging: saw lagging',
    ],
    ['a tenth unknown', '.........?', 'pass', ''],
  ])('%s', (_, runs, outcome, reason) => {
    expect(probeRows([tallyOf(runs)])).toMatchObject([{ outcome, reason }]);
  });

  it('counts runs, failures and unknown ones', () => {
    expect(probeRows([tallyOf('..r?')])).toMatchObject([
      { target: 'shop/cart', kind: 'http', runs: 4, failures: 1, unknown: 1 },
    ]);
  });

  it('has a 95th percentile from twenty successes on', () => {
    const tally = emptyTally('shop/cart', 'http');
    for (let i = 1; i <= 19; i += 1) addToTally(tally, result('none', i / 8));
    expect(probeRows([tally])[0]?.p95Seconds).toBeNull();
    addToTally(tally, result('none', 20 / 8));
    expect(probeRows([tally])[0]?.p95Seconds).toBe(19 / 8);
  });

  it('forgets old durations, not counts', () => {
    const tally = emptyTally('shop/cart', 'http');
    for (let i = 0; i < 600; i += 1) addToTally(tally, result('none', i < 500 ? 8 : 0.5));
    for (let i = 0; i < 500; i += 1) addToTally(tally, result('none', 0.5));
    expect(tally.durations).toHaveLength(512);
    expect(probeRows([tally])).toMatchObject([{ runs: 1_100, p95Seconds: 0.5 }]);
  });

  it('is judged together with the others: one unlucky target of many is no breach', () => {
    const unlucky = tallyOf('r....r....');
    expect(probeRows([unlucky])).toMatchObject([{ outcome: 'fail' }]);
    const many = [unlucky, ...Array.from({ length: 60 }, () => tallyOf('..........'))];
    expect(probeRows(many)[0]).toMatchObject({ outcome: 'inconclusive' });
  });
});
