import type { Verdict } from '../../../thresholds/verdict.ts';

/** A verdict with one row of each kind, all of them good. */
export const GOOD: Verdict = {
  schema: 1,
  command: 'nightly',
  profile: 'smoke',
  environment: 'sim',
  startedAt: '2026-11-20T18:20:11.000Z',
  finishedAt: '2026-11-20T18:21:31.000Z',
  outcome: 'pass',
  load: [
    {
      system: 'shop',
      service: 'api',
      endpoint: 'GET /items/{id}',
      source: 'k6',
      objective: 'p95',
      unit: 'seconds',
      limit: 0.5,
      measured: 0.112,
      samples: 1_204,
      outcome: 'pass',
      reason: '',
      place: 'catalogue/shop.yaml:9',
    },
  ],
  probes: [
    {
      target: 'shop/api',
      kind: 'http',
      runs: 25,
      failures: 0,
      unknown: 0,
      p95Seconds: 0.021,
      outcome: 'pass',
      reason: '',
    },
  ],
  alerts: [
    {
      alert: 'ServiceDown',
      system: 'shop',
      group: 'shop',
      severity: 'critical',
      receiver: 'slack',
      drill: 'full',
      fault: 'api down',
      compression: 60,
      predictedSeconds: [1.2, 2.7],
      pendingSeconds: 0.2,
      detectedSeconds: 1.2,
      deliveredSeconds: 1.4,
      deliveredTo: ['slack'],
      resolvedSeconds: 0.3,
      nearMissSilent: true,
      outcome: 'pass',
      reason: '',
    },
  ],
  dashboards: [],
  harness: {
    k6: '1.8.1',
    prometheus: '2.42.0',
    alertmanager: '0.25.0',
    node: '24.21.0',
    droppedIterations: 0,
    eventLoopLagP99Ms: 3.2,
    problems: [],
  },
};

/** The same with the load row broken in one way. */
export function withLoadRow(change: Partial<Verdict['load'][number]>): Verdict {
  const [row] = GOOD.load;
  if (row === undefined) throw new TypeError('the good verdict has a load row');
  return { ...GOOD, outcome: change.outcome ?? 'pass', load: [{ ...row, ...change }] };
}
