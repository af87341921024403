import { describe, expect, it } from 'vitest';
import { candidatesFor } from '../../../monitoring/audit/witness/find.ts';
import { provenImpossible } from '../../../monitoring/audit/witness/impossible.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';

/** Far above what any of them takes; without bounds on the search some would take years. */
const LIMIT_MS = 10_000;

describe('a search ends soon, whatever the expression', () => {
  it.each([
    ['deep functions', `${'abs('.repeat(150)}x${')'.repeat(150)} > 5`],
    ['deep aggregations', `${'sum('.repeat(150)}x${')'.repeat(150)} > 5`],
    ['counts of counts', `${'count('.repeat(100)}x${')'.repeat(100)} > 1`],
    ['a long sum', `x${' + x'.repeat(150)} > 5`],
    ['many branches', Array.from({ length: 150 }, (_, index) => `x${index} > ${index}`).join(' or ')],
    ['many conditions', Array.from({ length: 60 }, (_, index) => `x${index} > ${index}`).join(' and ')],
    ['subqueries in subqueries', `${'max_over_time('.repeat(5)}x${'[1d:1m])'.repeat(5)} > 3`],
    ['a window of a century', 'rate(x[100y]) > 1'],
    ['an offset of decades', 'x > 5 and x offset 50y > 3'],
    ['more series than there are', 'count(x) > 1e9'],
    ['a pattern of nested repetitions', 'x{a=~"((((a{1,100}){1,100}){1,100}){1,100})"} > 1'],
    ['a pattern with thousands of alternatives', `x{a=~"(${'a|'.repeat(5_000)}b)"} > 1`],
  ])('%s', (_, text) => {
    const parsed = parsePromql(text);
    if (!parsed.ok) throw new Error(parsed.errors[0].message);
    const start = performance.now();
    const rule = { expr: parsed.expr, forMs: 300_000, keepFiringForMs: 0, groupIntervalMs: null, mentioned: [] };
    candidatesFor(rule, { leftOpen: false, now: () => performance.now(), limitMs: 1_500 }).next();
    provenImpossible(parsed.expr);
    expect(performance.now() - start).toBeLessThan(LIMIT_MS);
  });
});
