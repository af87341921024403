import { describe, expect, it } from 'vitest';
import { fillPromql, type InstantQueries, judgePromql } from '../../../scripts/load/promql.ts';
import { QueryError } from '../../../scripts/stack/prometheus-api.ts';
import type { PromqlObjective } from '../../../thresholds/model.ts';
import { catalogueOf, httpService } from './catalogue.ts';

const place = { file: 'shop.yaml', line: 12, column: 3 };
const objective: PromqlObjective = {
  objective: 'hit ratio',
  expr: 'hits{$matchers}[$window]',
  direction: 'above',
  limit: 0.8,
  unit: 'ratio',
  samples: 'lookups{$matchers}',
  minSamples: 100,
  place,
};

/** Answers by the first word of the query. */
function answering(
  answers: Record<string, number[] | Error>,
  asked: [string, number | undefined][] = [],
): InstantQueries {
  return {
    async query(promql, timeSeconds) {
      asked.push([promql, timeSeconds]);
      const answer = answers[/^\w+/.exec(promql)?.[0] ?? ''] ?? [];
      if (answer instanceof Error) throw answer;
      return answer.map((value) => ({ value }));
    },
  };
}

const run = { catalogue: catalogueOf(httpService({ promql: [objective] })), windowMs: 25_000, atMs: 1_700_000_000_000 };

describe('a promise on a PromQL expression', () => {
  it('is asked for the service, the length of the run and its end', async () => {
    const asked: [string, number | undefined][] = [];
    await judgePromql({ ...run, client: answering({}, asked) });
    const matchers = 'system="shop",service="web",environment="test"';
    expect(asked).toEqual([
      [`hits{${matchers}}[25s]`, 1_700_000_000],
      [`lookups{${matchers}}`, 1_700_000_000],
    ]);
  });

  it.each([
    ['passes when it is kept', { hits: [0.9], lookups: [500] }, 'pass', ''],
    ['passes at the limit itself', { hits: [0.8], lookups: [500] }, 'pass', ''],
    ['fails when it is broken', { hits: [0.5], lookups: [500] }, 'fail', '50 %, at least 80 % promised'],
    [
      'is inconclusive on too few samples',
      { hits: [0.9], lookups: [99] },
      'inconclusive',
      '99 samples, 100 needed to tell',
    ],
    ['is inconclusive without a series', { lookups: [500] }, 'inconclusive', 'never measured: no series for hits'],
    ['is inconclusive without a count', { hits: [0.9] }, 'inconclusive', 'never measured: no series for lookups'],
    ['is inconclusive on NaN', { hits: [Number.NaN], lookups: [500] }, 'inconclusive', 'never measured: NaN'],
    [
      'is inconclusive when several series answer',
      { hits: [0.9, 0.1], lookups: [500] },
      'inconclusive',
      '2 series instead of one',
    ],
    [
      'is inconclusive when Prometheus refuses the query',
      { hits: new QueryError('hits', 'parse error'), lookups: [500] },
      'inconclusive',
      'parse error in: hits',
    ],
  ])('%s', async (_, answers, outcome, reason) => {
    const [row] = await judgePromql({ ...run, client: answering(answers) });
    expect(row).toMatchObject({
      source: 'prometheus',
      objective: 'hit ratio',
      limit: 0.8,
      place: 'shop.yaml:12',
      outcome,
    });
    expect(row?.reason).toContain(reason);
  });

  it('is no row at all when Prometheus does not answer: the caller tells that', async () => {
    const client = answering({ hits: new Error('refused') });
    await expect(judgePromql({ ...run, client })).rejects.toThrow('refused');
  });

  it('never asks for a window shorter than a second', () => {
    expect(fillPromql('x[$window]', httpService(), 'test', 3)).toBe('x[1s]');
  });
});
