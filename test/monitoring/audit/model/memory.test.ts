import { expect, test } from 'vitest';
import { Evaluator } from '../../../../monitoring/audit/witness/model/evaluate.ts';
import { createInterner } from '../../../../monitoring/audit/witness/model/intern.ts';
import { Memory } from '../../../../monitoring/audit/witness/model/memory.ts';
import type { ModelSeries } from '../../../../monitoring/audit/witness/model/world.ts';
import { mutable } from '../mutants/support.ts';

const EXPRESSIONS = [
  'x > 5',
  'x > 6',
  'sum by (a) (rate(x[5m])) > 0.1',
  'sum by (b) (rate(x[5m])) > 0.1',
  'sum without (a) (rate(x[10m] offset 2m)) > 0.1',
  'rate(x[5m]) > 0.1',
  'rate(x[5m] offset 5m) > 0.1',
  'x offset 5m and x',
  'max_over_time(sum(x)[10m:1m]) > 5',
  'max_over_time(sum(x)[10m:2m]) > 5',
  'x > on (a) group_left (b) y',
  'x > on (a) group_left () y',
  'x > bool 5',
  'topk(1, x)',
  'topk(2, x)',
];

test('what is remembered is what comes out without memory, in whatever order the moments are asked for', () => {
  const series: ModelSeries[] = [
    { labels: { __name__: 'x', a: '1' }, signal: [{ fromMs: 0, value: 1, slope: 0.02 }], present: true },
    {
      labels: { __name__: 'x', a: '2', b: '1' },
      signal: [
        { fromMs: 0, value: 9, slope: 0 },
        { fromMs: 600_000, value: null, slope: 0 },
      ],
      present: true,
    },
    { labels: { __name__: 'y', a: '1', b: '2' }, signal: [{ fromMs: 0, value: 4, slope: 0 }], present: true },
    { labels: { __name__: 'y', a: '2', b: '3' }, signal: [{ fromMs: 0, value: 4, slope: 0 }], present: true },
  ];
  const clock = { intervalMs: 60_000, evaluationMs: 60_000, leftOpen: false };
  const remembering = new Evaluator(series, clock, new Memory());
  const intern = createInterner();
  for (const tMs of [900_000, 300_000, 0, 1_200_000, 900_000]) {
    for (const expr of EXPRESSIONS) {
      const { ast } = mutable(expr);
      const expected = new Evaluator(series, clock).evaluate(ast, tMs);
      expect(remembering.evaluate(intern(ast), tMs), `${expr} at ${tMs}`).toEqual(expected);
    }
  }
});

test('parts that say the same are one object, others are not', () => {
  const intern = createInterner();
  const part = (expr: string) => {
    const ast = intern(mutable(expr).ast);
    return ast.kind === 'binary' ? ast.left : ast;
  };
  expect(part('sum(rate(x[5m])) > 1')).toBe(part('sum(rate(x[5m])) > 2'));
  for (const [one, other] of [
    ['sum(rate(x[5m])) > 1', 'sum(rate(x[6m])) > 1'],
    ['sum(rate(x[5m])) > 1', 'sum(rate(x[5m] offset 1m)) > 1'],
    ['sum by (a) (x) > 1', 'sum without (a) (x) > 1'],
    ['x{a="1"} > 1', 'x{a=~"1"} > 1'],
  ] as const) {
    expect(part(one), `${one} and ${other}`).not.toBe(part(other));
  }
});
