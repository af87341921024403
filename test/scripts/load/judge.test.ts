import { describe, expect, it } from 'vitest';
import { judgeLoad, type RunCircumstances } from '../../../scripts/load/judge.ts';
import type { K6Summary } from '../../../scripts/load/summary.ts';
import { planLoad } from '../../../thresholds/plan-load.ts';
import { PROFILES } from '../../../thresholds/profiles.ts';
import { catalogueOf, httpEndpoint, httpService, LENIENT } from './catalogue.ts';

const objectives = { ...LENIENT, success: 0.95 };
const plan = planLoad(catalogueOf(httpService({ endpoints: [httpEndpoint({ objectives })] })), PROFILES.smoke);
const SCENARIO = '0_shop_web_GET';

interface Figures {
  good: number;
  bad: number;
  slow: number;
  dropped: number;
  total: number;
  threw: number;
}

/** The summary of a good run, 62 of 62 answers, with some figures changed. */
function summaryOf(over: Partial<Figures> = {}): K6Summary {
  const { good, bad, slow, dropped, total, threw } = {
    good: 62,
    bad: 0,
    slow: 0,
    dropped: 0,
    total: 62,
    threw: 0,
    ...over,
  };
  const row = 'row:shop/web/GET /';
  const values = (entries: Record<string, Record<string, number>>) =>
    Object.fromEntries(Object.entries(entries).map(([name, figures]) => [name, { values: figures }]));
  return {
    state: { testRunDurationMs: 1_000 },
    metrics: values({
      [`checks{${row}}`]: { passes: good, fails: bad },
      [`http_reqs{${row}}`]: { count: good + bad },
      [`http_req_duration{${row},expected_response:true}`]: { count: good, avg: 20, max: 90, 'p(50)': 18 },
      [`sla_over_limit{${row},objective:p50}`]: { count: slow },
      [`sla_exceptions{${row}}`]: { count: threw },
      [`dropped_iterations{scenario:${SCENARIO}}`]: { count: dropped },
      http_reqs: { count: total },
    }),
  };
}

const calm: RunCircumstances = {
  cpuShare: 0.2,
  console: { mismatches: new Map(), exceptions: new Map() },
  uncaught: new Map(),
  endedEarly: null,
};

/** Outcomes of the latency and the success row. */
function outcomes(figures: Partial<Figures>, circumstances: Partial<RunCircumstances> = {}): string {
  const rows = judgeLoad(plan, summaryOf(figures), { ...calm, ...circumstances });
  return rows.map(({ objective, outcome }) => `${objective} ${outcome}`).join(', ');
}

function reasons(figures: Partial<Figures>, circumstances: Partial<RunCircumstances> = {}): string {
  return judgeLoad(plan, summaryOf(figures), { ...calm, ...circumstances })
    .map(({ reason }) => reason)
    .join(' | ');
}

describe('the judgement of a load run', () => {
  it('names the scenario of the summary as the plan does', () => {
    expect(outcomes({})).toBe('p50 pass, success pass');
  });

  it.each([
    ['90 % of the processors is not too busy', {}, { cpuShare: 0.9 }, 'p50 pass, success pass'],
    ['over 90 % of the processors spoils a pass', {}, { cpuShare: 0.91 }, 'p50 inconclusive, success inconclusive'],
    [
      'over 90 % of the processors spoils a slow answer',
      { slow: 62 },
      { cpuShare: 0.91 },
      'p50 inconclusive, success inconclusive',
    ],
    [
      'over 90 % of the processors excuses no wrong answer',
      { good: 0, bad: 62 },
      { cpuShare: 0.91 },
      'p50 inconclusive, success fail',
    ],
    ['an unreadable processor time spoils nothing', {}, { cpuShare: null }, 'p50 pass, success pass'],
    ['no dropped arrival in a hundred is let through', { dropped: 1 }, {}, 'p50 inconclusive, success inconclusive'],
    ['dropped arrivals excuse no slow answer', { dropped: 9, slow: 62 }, {}, 'p50 fail, success inconclusive'],
    ['requests outside all rows spoil a pass', { total: 65 }, {}, 'p50 inconclusive, success inconclusive'],
    ['one exception breaks a row of good answers', { threw: 1 }, {}, 'p50 broken, success broken'],
    [
      'an exception that left its iteration breaks the row too',
      {},
      { uncaught: new Map([[SCENARIO, { count: 1, first: 'TypeError: x' }]]) },
      'p50 broken, success broken',
    ],
    ['no sample is no pass', { good: 0, total: 0 }, {}, 'p50 inconclusive, success inconclusive'],
  ] as const)('%s', (_, figures, circumstances, expected) => {
    expect(outcomes(figures, circumstances)).toBe(expected);
  });

  it.each([
    ['k6 too busy', {}, { cpuShare: 0.95 }, 'k6 used 95 % of its processors, at most 90 % allowed'],
    ['dropped arrivals', { dropped: 5 }, {}, '5 of 62 arrivals (8.065 %) dropped for want of a free virtual user'],
    ['a sum that does not add up', { total: 70 }, {}, 'k6 sent 70 requests, but the rows account for 62'],
    ['an early end', { good: 0, total: 0 }, { endedEarly: 'k6 crashed' }, 'not measured: k6 crashed'],
    ['an endpoint that was never hit', { good: 0, total: 0 }, {}, 'endpoint never hit: no sample carries its row'],
    [
      'an exception',
      { threw: 2 },
      { console: { ...calm.console, exceptions: new Map([['shop/web/GET /', 'TypeError: x']]) } },
      'the scenario threw in 2 iterations: TypeError: x',
    ],
  ])('gives the reason for %s', (_, figures, circumstances, expected) => {
    expect(reasons(figures, circumstances)).toContain(expected);
  });
});
