import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import type { Catalogue } from '../../../thresholds/model.ts';

const withParts = ({ top = '', service = '', probe = '' }) => `
system: demo
${top}
services:
  - id: cache
    kind: datastore
    engine: redis
    address: tcp://127.0.0.1:6379
    ${service}
    probe: { kind: tcp${probe} }
`;

function load(parts: Parameters<typeof withParts>[0]) {
  return loadCatalogue([{ path: 'demo.yaml', text: withParts(parts) }], { env: {} });
}

function good(parts: Parameters<typeof withParts>[0]): Catalogue {
  const result = load(parts);
  expect(result).toMatchObject({ ok: true });
  return (result as { catalogue: Catalogue }).catalogue;
}

const serviceOf = (catalogue: Catalogue) => catalogue.systems[0]?.services[0];

describe('the timing of a probe', () => {
  it('confirms by 2 of 3 and 2 of 2, and looks again after a third of the interval, where nothing is said', () => {
    expect(serviceOf(good({}))?.probe).toMatchObject({
      confirm: { fail: { needed: 2, latest: 3 }, recover: { needed: 2, latest: 2 } },
      recheckMs: 10_000,
    });
  });

  it('is as the catalogue says', () => {
    expect(
      serviceOf(good({ probe: ', interval: 60s, recheck: 2s, confirm: { fail: 3 of 5, recover: 1 of 1 }' }))?.probe,
    ).toMatchObject({
      confirm: { fail: { needed: 3, latest: 5 }, recover: { needed: 1, latest: 1 } },
      recheckMs: 2_000,
    });
  });

  it('has no second look where the interval is as short as the shortest', () => {
    expect(serviceOf(good({ probe: ', interval: 5s' }))?.probe.recheckMs).toBeNull();
  });

  it.each([
    ['more than there are', ', confirm: { fail: 4 of 3 }', 'must be such as 2 of 3, at most 30 of 30'],
    ['none of them', ', confirm: { fail: 0 of 3 }', 'must be such as 2 of 3, at most 30 of 30'],
    ['more than can be remembered', ', confirm: { recover: 2 of 31 }', 'must be such as 2 of 3, at most 30 of 30'],
    ['a second look as late as the next', ', interval: 10s, recheck: 10s', 'must be shorter than the interval'],
  ])('cannot ask for %s', (_, probe, rule) => {
    expect(load({ probe })).toMatchObject({ ok: false, problems: [{ rule: expect.stringContaining(rule) }] });
  });
});

describe('maintenance', () => {
  it('of a system is that of its services, their own beside it', () => {
    const catalogue = good({
      top: "maintenance: [{ days: [sat, sun], at: '02:30', for: 2h, timezone: Europe/Vienna, note: patches }]",
      service: "maintenance: [{ from: '2026-12-01T22:00:00+01:00', to: '2026-12-02T02:00:00Z' }]",
    });
    expect(serviceOf(catalogue)?.maintenance).toEqual([
      {
        kind: 'recurring',
        weekdays: [6, 0],
        startMinute: 150,
        durationMs: 7_200_000,
        timezone: 'Europe/Vienna',
        note: 'patches',
      },
      {
        kind: 'once',
        fromMs: Date.parse('2026-12-01T21:00:00Z'),
        toMs: Date.parse('2026-12-02T02:00:00Z'),
        note: '',
      },
    ]);
  });

  it.each([
    ['a time of day', "{ at: '24:00', for: 1h }", 'must be a time of day such as 02:30'],
    ['a time zone', "{ at: '02:00', for: 1h, timezone: Vienna }", 'must be a time zone such as Europe/Vienna or UTC'],
    ['an end', "{ from: '2026-12-02T00:00:00Z', to: '2026-12-01T00:00:00Z' }", 'must be later than from'],
    ['a moment', "{ from: tomorrow, to: '2026-12-01T00:00:00Z' }", 'must be a moment such as 2026-12-01T22:00:00Z'],
  ])('needs %s', (_, window, rule) => {
    const result = load({ service: `maintenance: [${window}]` });
    expect(result).toMatchObject({ ok: false, problems: [{ rule: expect.stringContaining(rule) }] });
  });
});

describe('connectivity', () => {
  it('names neighbours as host:port', () => {
    expect(good({ top: "connectivity: ['gateway.test:443', '[::1]:53']" }).connectivity).toEqual([
      { host: 'gateway.test', port: 443 },
      { host: '::1', port: 53 },
    ]);
  });

  it('refuses what no connection leads to', () => {
    expect(load({ top: "connectivity: ['gateway.test:99999']" })).toMatchObject({
      ok: false,
      problems: [{ rule: expect.stringContaining('must be host:port') }],
    });
  });
});
