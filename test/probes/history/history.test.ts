import { describe, expect, it } from 'vitest';
import { createHistory } from '../../../probes/history/history.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

describe('a history', () => {
  it('counts good and judged runs in every window', () => {
    const history = createHistory();
    for (let run = 0; run < 10; run += 1) {
      history.add('shop/cart', { atMs: START + run * 30_000, good: run !== 3, seconds: 0.2 });
    }
    for (const window of ['hour', 'day', 'month'] as const) {
      const { judged, good } = history.read('shop/cart', window, START + 300_000);
      expect({ window, judged, good }).toEqual({ window, judged: 10, good: 9 });
    }
  });

  it.each([
    { window: 'hour', after: 'an hour', lostAfterMs: HOUR },
    { window: 'day', after: 'a day', lostAfterMs: DAY },
    { window: 'month', after: 'thirty days', lostAfterMs: 30 * DAY },
  ] as const)('forgets after $after, though nothing ran since', ({ window, lostAfterMs }) => {
    const history = createHistory();
    history.add('a', { atMs: START, good: false, seconds: 1 });
    const judgedAfter = (ms: number) => history.read('a', window, START + ms).judged;
    expect([judgedAfter(lostAfterMs - 1), judgedAfter(lostAfterMs)]).toEqual([1, 0]);
  });

  it('puts the mean latency of good runs into the bucket of their minute, newest last', () => {
    const history = createHistory();
    history.add('a', { atMs: START, good: true, seconds: 1 });
    history.add('a', { atMs: START + 59_999, good: true, seconds: 3 });
    history.add('a', { atMs: START + 59_999, good: false, seconds: 50 });
    history.add('a', { atMs: START + 120_000, good: true, seconds: 5 });
    const { points } = history.read('a', 'hour', START + 120_000);
    expect(points).toHaveLength(60);
    expect(points.slice(-3)).toEqual([
      { judged: 3, good: 2, meanSeconds: 2 },
      { judged: 0, good: 0, meanSeconds: null },
      { judged: 1, good: 1, meanSeconds: 5 },
    ]);
  });

  it('keeps the share of a bucket that holds more runs than it can count', () => {
    const history = createHistory();
    for (let run = 0; run < 100_000; run += 1) history.add('a', { atMs: START, good: run % 4 !== 0, seconds: 0.01 });
    const { judged, good, points } = history.read('a', 'hour', START);
    expect(judged).toBeGreaterThan(32_000);
    expect(good / judged).toBeCloseTo(0.75, 3);
    expect(points.at(-1)?.meanSeconds).toBeCloseTo(0.01, 4);
  });

  it('takes a run that comes late into its own bucket, and none from before the window', () => {
    const history = createHistory();
    history.add('a', { atMs: START + HOUR, good: true, seconds: 1 });
    history.add('a', { atMs: START + HOUR - 120_000, good: false, seconds: 1 });
    history.add('a', { atMs: START - HOUR, good: false, seconds: 1 });
    const { judged, points } = history.read('a', 'hour', START + HOUR);
    expect(judged).toBe(2);
    expect(points.at(-3)).toMatchObject({ judged: 1, good: 0 });
  });

  it('gives the place of a removed target to the next one, empty', () => {
    const history = createHistory();
    history.add('old', { atMs: START, good: false, seconds: 1 });
    history.remove('old');
    history.add('new', { atMs: START, good: true, seconds: 1 });
    expect(history.read('new', 'hour', START)).toMatchObject({ judged: 1, good: 1 });
    expect(history.read('old', 'hour', START).judged).toBe(0);
  });

  it('keeps a thousand targets apart', () => {
    const history = createHistory();
    for (let target = 0; target < 1_000; target += 1) {
      for (let run = 0; run <= target % 7; run += 1) history.add(`t${target}`, { atMs: START, good: true, seconds: 1 });
    }
    const wrong = [...history.ids()].filter(
      (id) => history.read(id, 'day', START).judged !== (Number(id.slice(1)) % 7) + 1,
    );
    expect(wrong).toEqual([]);
  });
});
