import { describe, expect, it } from 'vitest';
import { capTotal } from '../../thresholds/allot.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { type LoadPlan, planLoad } from '../../thresholds/plan-load.ts';
import { meanFactor, PROFILE_NAMES, PROFILES } from '../../thresholds/profiles.ts';
import { catalogueOf, httpEndpoint, httpService, llmService, mcpService } from '../scripts/load/catalogue.ts';

const CARD = {
  latency: [{ name: 'p95', quantile: 0.95, limitMs: 500 }],
  success: 0.99,
  meanMs: null,
  maxMs: null,
};

const iterations = (plan: LoadPlan) =>
  plan.endpoints.map(({ schedule }) => (schedule.kind === 'none' ? 0 : schedule.iterations));
const paths = (...names: string[]) =>
  names.map((name, index) => httpEndpoint({ id: name, path: name, weight: index + 1, objectives: CARD }));
const shop = (): Catalogue => catalogueOf(httpService({ endpoints: paths('/a', '/b', '/c'), requestsPerSecond: 60 }));

describe('the profiles', () => {
  it.each(PROFILE_NAMES)('%s is known by its name', (name) => {
    expect(PROFILES[name].name).toBe(name);
  });

  it.each(['load', 'stress', 'soak', 'spike'] as const)('the stages of %s fill its whole length', (name) => {
    const profile = PROFILES[name];
    const shares = profile.kind === 'ramp' ? profile.stages.map(({ share }) => share) : [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('the mean factor of a ramp is its area', () => {
    const up = { share: 0.5, factor: 2 };
    expect(meanFactor([up, { share: 0.5, factor: 2 }])).toBeCloseTo(1.5, 9);
    expect(meanFactor([up, { share: 0.5, factor: 0 }])).toBeCloseTo(1, 9);
  });
});

describe('a smoke plan', () => {
  it('gives each endpoint the samples that its strictest promise needs, whatever its weight', () => {
    expect(iterations(planLoad(shop(), PROFILES.smoke))).toEqual([306, 306, 306]);
  });

  it('gives more where a latency promise needs more than the success promise', () => {
    const latency = [{ name: 'p99', quantile: 0.99, limitMs: 900 }];
    const endpoints = [httpEndpoint({ objectives: { ...CARD, latency } })];
    // 500 expected answers, one in a hundred may be none, and two in a hundred to spare.
    expect(iterations(planLoad(catalogueOf(httpService({ endpoints })), PROFILES.smoke))).toEqual([517]);
  });

  it('stays within 850 requests a second in all and 50 on one endpoint', () => {
    const simulated = { kind: 'fleet', tls: false } as const;
    const duration = (count: number) => {
      const endpoints = paths(...Array.from({ length: count }, (_, index) => `/${index}`));
      return planLoad(catalogueOf(httpService({ endpoints, address: simulated })), PROFILES.smoke).durationMs;
    };
    expect(duration(3)).toBe(6_120);
    expect(duration(70)).toBe(25_200);
  });

  it('never gives a real service more than the traffic that it expects', () => {
    const endpoints = paths('/a', '/b');
    const quiet = httpService({ endpoints, requestsPerSecond: 6, address: { kind: 'url', url: 'http://127.0.0.1:9' } });
    expect(planLoad(catalogueOf(quiet), PROFILES.smoke).durationMs).toBe(102_000);
  });

  it('spreads the starts of the endpoints, so that they neither fire nor warm up together', () => {
    const starts = planLoad(shop(), PROFILES.smoke, { durationMs: 306_000 }).endpoints.map(({ schedule }) =>
      schedule.kind === 'even' ? schedule.startMs : -1,
    );
    expect(starts).toEqual([0, 1333, 2666]);
  });

  it('names no row in a way that breaks the names of k6 thresholds, and no two alike', () => {
    const endpoints = paths('GET /user/{id},{name}', 'GET /user/(id);(name)');
    const rows = planLoad(catalogueOf(httpService({ endpoints })), PROFILES.smoke).endpoints.map(({ row }) => row);
    expect(rows).toEqual(['shop/web/GET /user/(id);(name)', 'shop/web/GET /user/(id);(name) #2']);
  });

  it('leaves out what k6 cannot load', () => {
    const datastore = { ...httpService(), kind: 'datastore', engine: 'redis' };
    const plan = planLoad(catalogueOf(datastore as never, llmService('openai')), PROFILES.smoke);
    expect(plan.endpoints.map(({ service }) => service.kind)).toEqual(['llm']);
  });
});

describe('a budget', () => {
  const budgeted = (requestBudget: number) =>
    catalogueOf(httpService({ endpoints: paths('/a', '/b', '/c'), requestBudget }));

  it.each([
    [1, [1, 0, 0]],
    [2, [1, 1, 0]],
    [3, [1, 1, 1]],
    [10, [4, 3, 3]],
    [918, [306, 306, 306]],
    [5_000, [306, 306, 306]],
  ])('of %i requests is split by need and never exceeded', (budget, expected) => {
    const plan = planLoad(budgeted(budget), PROFILES.smoke);
    expect(iterations(plan)).toEqual(expected);
    expect(plan.endpoints[0]?.capped).toBe(budget < 918 ? 'service budget' : null);
  });

  it('counts the requests of a handshake', () => {
    const legacy = mcpService({ era: 'legacy' }, { requestBudget: 11 });
    expect(iterations(planLoad(catalogueOf(legacy), PROFILES.smoke))).toEqual([2]);
  });

  it('of the whole run is told from that of a service', () => {
    const plan = planLoad(shop(), PROFILES.smoke, { maxRequests: 30 });
    expect(iterations(plan)).toEqual([10, 10, 10]);
    expect(plan.endpoints.map(({ capped }) => capped)).toEqual(['run budget', 'run budget', 'run budget']);
  });

  it('that a ramp would exceed is spread evenly over its length', () => {
    const plan = planLoad(budgeted(60), PROFILES.load);
    expect(plan.endpoints.map(({ schedule }) => schedule.kind)).toEqual(['even', 'even', 'even']);
    expect(iterations(plan)).toEqual([11, 20, 29]);
  });
});

describe('a shaped plan', () => {
  it('splits the expected traffic of a service by weight', () => {
    const plan = planLoad(shop(), PROFILES.load, { durationMs: 80_000 });
    const peaks = plan.endpoints.map(({ schedule }) => (schedule.kind === 'ramp' ? schedule.peakPerSecond : 0));
    expect(peaks).toEqual([10, 20, 30]);
    // Seven eighths of the length at full rate, by area.
    expect(iterations(plan)).toEqual([700, 1_400, 2_100]);
  });

  it('scales with the rate', () => {
    const plan = planLoad(shop(), PROFILES.spike, { rate: 0.5 });
    expect(plan.endpoints[0]?.schedule).toMatchObject({ peakPerSecond: 100 });
    expect(plan.durationMs).toBe(180_000);
  });

  it('climbs a ladder from the expected traffic', () => {
    const { schedule } = planLoad(shop(), PROFILES.breakpoint, { durationMs: 12_000 }).endpoints[0] ?? {};
    const steps = schedule?.kind === 'ladder' ? schedule.steps : [];
    expect(steps).toHaveLength(12);
    expect(steps[0]).toEqual({ factor: 1, startMs: 0, durationMs: 1_000, perSecond: 10 });
    expect(steps.at(-1)).toMatchObject({ factor: 200, startMs: 11_000, perSecond: 2_000 });
  });
});

describe('a cap', () => {
  it.each([
    ['gives the exact total', [9, 9, 9], 10, [4, 3, 3]],
    ['leaves none without, where it can', [1_000, 1], 10, [9, 1]],
    ['gives nothing where nothing was wanted', [5, 0, 5], 4, [2, 0, 2]],
    ['of nothing leaves nothing', [1, 2], 0, [0, 0]],
    ['that is wide changes nothing', [3, 4], 100, [3, 4]],
    ['that is none changes nothing', [3, 4], null, [3, 4]],
  ])('%s', (_, wanted, cap, expected) => {
    expect(capTotal(wanted, cap)).toEqual(expected);
  });

  it('raises no part, however narrow', () => {
    for (let cap = 0; cap <= 12; cap += 1) {
      const parts = capTotal([1, 1, 10], cap);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(cap);
      expect(
        parts.every((part, index) => part <= ([1, 1, 10][index] ?? 0)),
        `${cap}: ${parts}`,
      ).toBe(true);
    }
  });
});
