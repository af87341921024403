import { describe, expect, it } from 'vitest';
import { type Expr, walk } from '../../../monitoring/promql/ast.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { printPromql } from '../../../monitoring/promql/print.ts';
import { Random } from './random.ts';
import { randomVector } from './random-expression.ts';

function parsed(text: string): Expr {
  const result = parsePromql(text);
  if (!result.ok) throw new Error(`${text}: ${result.errors.map(({ message }) => message).join('; ')}`);
  return result.expr;
}

function withoutPlaces(expr: Expr): unknown {
  return JSON.parse(
    JSON.stringify(expr, (key, value) => {
      if (key === 'from' || key === 'to' || key.endsWith('Span')) return undefined;
      if (key === 'bool') return value !== null;
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    }),
  );
}

describe('parsing PromQL', () => {
  it.each([
    ['a negative base in brackets', '(-1) ^ 2', '(-1) ^ 2'],
    ['offset and @ belong to the selector, in either order', 'x[5m] offset 1h @ start()', 'x[5m] @ start() offset 1h'],
    ['an offset after a comparison', 'a > b offset 5m and c', 'a > b offset 5m and c'],
    ['an offset inside a sum of products', 'a + b offset 5m * c', 'a + b offset 5m * c'],
    ['a negative offset', 'x offset -5m', 'x offset -5m'],
    ['plain seconds as a window', 'rate(x[300])', 'rate(x[5m])'],
    ['computed windows', 'rate(x[1h * 2])', 'rate(x[2h])'],
    ['a duration as a number', 'x > 1h30m', 'x > 5400'],
    ['grouping after the arguments', 'sum(x) by (a, b,)', 'sum by (a, b) (x)'],
    ['operators in capitals', 'a AND on (b) c', 'a and on (b) c'],
    ['a quoted metric name and label', '{"my.metric", "a b"=~"x.*"}', '{"my.metric","a b"=~"x.*"}'],
    ['comments', '# why\nx # that\n> 1', 'x > 1'],
    [
      'every kind of escape',
      String.raw`x{a="\x41\102\u0043\n\"", b='\'', c=${'`\\d`'}}`,
      String.raw`x{a="ABC\n\"",b="'",c="\\d"}`,
    ],
    ['a subquery without a step', 'max_over_time(rate(x[5m])[1h:])', 'max_over_time(rate(x[5m])[1h:])'],
    ['hexadecimal, exponent and infinity', '0x1F + 1e3 + Inf', '31 + 1000 + Inf'],
  ])('reads %s', (_, text, printed) => {
    expect(printPromql(parsed(text))).toBe(printed);
  });

  it('binds a power closer than a sign', () => {
    expect(parsed('-1 ^ 2')).toMatchObject({ kind: 'unary', expr: { kind: 'binary', op: '^' } });
    expect(parsed('-1 * 2')).toMatchObject({ kind: 'binary', op: '*', left: { value: -1 } });
  });

  it('keeps the place of every node', () => {
    const text = 'sum by (job) (rate(errors_total{code=~"5.."}[5m])) > 0.1';
    const places = [...walk(parsed(text))].map(({ from, to }) => text.slice(from, to));
    expect(places).toEqual([
      text,
      'sum by (job) (rate(errors_total{code=~"5.."}[5m]))',
      'rate(errors_total{code=~"5.."}[5m])',
      'errors_total{code=~"5.."}[5m]',
      'errors_total{code=~"5.."}',
      '0.1',
    ]);
  });

  it.each([
    ['nothing', '  ', 'the expression is empty', 0],
    ['a modifier inside the brackets', 'sum(rate(x[5m]) by (le))', 'unexpected "by"', 16],
    ['a bracket that is never closed', 'rate(x[5m]', 'the expression ends too early', 10],
    ['an open string', 'x{a="b', 'the expression ends too early', 6],
    ['a wrong escape', String.raw`x{a="\d"}`, 'PromQL has no escape', 4],
    ['a template', 'x > {{ .Values.limit }}', 'unexpected', 5],
    ['a selector that may match everything', '{a=~".*"}', 'needs a metric name', 0],
    ['an offset of an aggregation', 'sum(x) offset 5m', 'offset and @ stand only after', 0],
  ])('refuses %s and says where', (_, text, message, from) => {
    const result = parsePromql(text);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.errors[0].message).toContain(message);
    expect(result.errors[0].from).toBe(from);
  });

  it.each([
    ['deep brackets', `${'('.repeat(50_000)}x${')'.repeat(50_000)}`],
    ['brackets that never close', '('.repeat(20_000)],
    ['a long chain of signs', `${'-'.repeat(50_000)}x`],
    ['a megabyte', 'x + '.repeat(250_000)],
    ['binary', String.fromCharCode(...Array.from({ length: 2_000 }, (_, at) => (at * 7919) % 256))],
  ])('survives %s', (_, text) => {
    const result = parsePromql(text);
    expect(result.ok).toBe(false);
  });

  it('prints what it reads: random expressions come back the same', () => {
    const random = new Random(20);
    for (let round = 0; round < 1_000; round += 1) {
      const expr = randomVector(random, 5);
      const text = printPromql(expr);
      expect(withoutPlaces(parsed(text)), text).toEqual(withoutPlaces(expr));
    }
  });
});
