import { expect, test } from 'vitest';
import { movement, seriesKey, sightOf } from '../../../scripts/dashboards/sight.ts';

test.each([
  { name: 'no value is empty', values: [], sight: 'empty' },
  { name: 'nothing but NaN is only NaN', values: [Number.NaN, Number.NaN], sight: 'only NaN' },
  { name: 'a number among NaN is data', values: [Number.NaN, 0], sight: 'data' },
])('$name', ({ values, sight }) => {
  expect(sightOf(values)).toBe(sight);
});

test.each([
  { name: 'the same values', before: [10, 11, 10, 9], after: [10], moved: null },
  { name: 'a wobble as before', before: [10, 14, 10, 14], after: [17], moved: null },
  { name: 'more than it ever wobbled', before: [10, 14, 10, 14], after: [19], moved: /rose from at most 14 to 19/ },
  { name: 'a still series that rises by a little', before: [10, 10, 10], after: [10.4], moved: null },
  { name: 'a still series that rises by a tenth', before: [10, 10, 10], after: [11], moved: /rose/ },
  { name: 'a share that leaves zero', before: [0, 0, 0], after: [0.3], moved: /rose from at most 0 to 0.3/ },
  { name: 'a drop', before: [0.9, 0.92, 0.91], after: [0.4], moved: /fell from at least 0.9 to 0.4/ },
  { name: 'up that goes down', before: [1, 1, 1], after: [0], moved: /fell/ },
  { name: 'a lively count that is nothing once', before: [20, 45, 24], after: [0], moved: null },
  { name: 'NaN afterwards', before: [1, 1, 1], after: [Number.NaN], moved: /went/ },
  { name: 'too few values before', before: [1, 1], after: [9], moved: null },
])('$name', ({ before, after, moved }) => {
  const found = movement(new Map([['a=1', before]]), new Map([['a=1', after]]));
  if (moved === null) expect(found).toBeNull();
  else expect(found).toMatch(moved);
});

test.each([
  { name: 'four in a row below all earlier ones', recent: [24, 3, 0, 2, 0], moved: /fell from at least 20/ },
  { name: 'three in a row', recent: [24, 0, 2, 0], moved: null },
  { name: 'four of which one is as before', recent: [0, 0, 21, 0], moved: null },
  { name: 'four in a row above', recent: [49, 50, 60, 49], moved: /rose from at most 45/ },
  { name: 'four that touch the highest', recent: [46, 46, 46, 46], moved: null },
])('$name', ({ recent, moved }) => {
  const now = new Map([['', recent.slice(-1)]]);
  const found = movement(new Map([['', [20, 45, 24]]]), now, new Map([['', recent]]));
  if (moved === null) expect(found).toBeNull();
  else expect(found).toMatch(moved);
});

test('a series that comes or goes is a movement', () => {
  expect(movement(new Map(), new Map([['alertname=X', [1]]]))).toBe('{alertname=X} came with 1');
  expect(movement(new Map([['', [1, 1, 1]]]), new Map())).toBe('it went');
});

test('the order of labels does not matter', () => {
  expect(seriesKey({ b: '2', a: '1' })).toBe(seriesKey({ a: '1', b: '2' }));
});
