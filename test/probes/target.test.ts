import { describe, expect, it } from 'vitest';
import { leftOutOfOneShot, planTargets } from '../../probes/target.ts';
import { generationSpec, reachabilitySpec, routeSpec } from './kinds/llm/support.ts';
import { heartbeatSpec } from './specs.ts';
import { catalogueOf, httpSpec } from './support.ts';

const catalogue = catalogueOf({
  web: httpSpec({ intervalMs: 30_000 }),
  backup: heartbeatSpec(),
  free: reachabilitySpec(),
  paid: generationSpec(),
  route: routeSpec(),
});
const addresses = new Map(
  ['web', 'backup', 'free', 'paid', 'route'].map((name) => [`shop/${name}`, 'http://127.0.0.1:1']),
);

describe('the targets of a run of seconds', () => {
  it('are those that one look can judge; the others are named', () => {
    const ids = planTargets(catalogue, addresses, { oneShot: true }).map(({ id }) => id);
    expect(ids).toEqual(['shop/web', 'shop/free', 'shop/paid', 'shop/route']);
    expect(leftOutOfOneShot(catalogue)).toEqual(['shop/backup']);
    expect(planTargets(catalogue, addresses).length).toBe(5);
  });

  it('are looked at more often than the catalogue says, a quarter as often where it costs money', () => {
    const planned = planTargets(catalogue, addresses, { intervalMs: 1_000 });
    expect(Object.fromEntries(planned.map(({ service, spec }) => [service, spec.intervalMs]))).toEqual({
      web: 1_000,
      backup: 1_000,
      free: 1_000,
      paid: 4_000,
      route: 4_000,
    });
  });
});
