import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { ProbeSink } from '../../../probes/delivery/sink.ts';
import { type OwnState, ownMetrics } from '../../../probes/metrics/own.ts';
import { watchOwn } from '../../../probes/metrics/own-watch.ts';
import { createRegistry, type SeriesState } from '../../../probes/metrics/registry.ts';
import { renderText } from '../../../probes/metrics/text.ts';
import { startProbes } from '../../../probes/runner.ts';
import { createLagHistogram } from '../../../probes/schedule/lag-histogram.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { fakeClock } from '../fake-clock.ts';
import { catalogueOf, closedPort, httpSpec } from '../support.ts';

function stateOf(change: Partial<OwnState> = {}): OwnState {
  const startLag = createLagHistogram();
  for (const seconds of [0.0005, 0.003, 0.07, 9]) startLag.observe(seconds);
  return {
    version: '1.2.3',
    nodeVersion: '24.0.0',
    targets: new Map([
      ['http', 3],
      ['tcp', 2],
    ]),
    skipped: { overlap: 1, late: 2 },
    load: { active: 4, waiting: 5 },
    startLag,
    rechecks: 6,
    online: true,
    lagSeconds: 0.02,
    reload: { successful: true, atSeconds: 1_700_000_000 },
    process: { cpuSeconds: 12.5, residentBytes: 123_456_789, startedAtSeconds: 1_699_999_999 },
    delivery: {
      samplesSent: 7,
      samplesDropped: 1,
      dropped: { 'queue-full': 1, stopped: 0, 'out-of-order': 0, duplicate: 0, 'too-old': 0, refused: 0 },
      samplesQueued: 2,
      retries: 3,
      lastError: '',
    },
    ...change,
  };
}

const pageOf = (state: OwnState) => [...renderText(createRegistry(), { own: ownMetrics(state) })].join('');

describe("the prober's metrics of itself", () => {
  it('are exactly the golden ones, which promtool accepts', async () => {
    const page = pageOf(stateOf());
    await expect(page).toMatchFileSnapshot('golden/own.prom');
    const promtool = await resolveTool('promtool');
    const checked = await execa(promtool.path, ['check', 'metrics'], { input: page, reject: false, timeout: 10_000 });
    expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('leave out delivery where nothing is pushed', () => {
    expect(pageOf(stateOf({ delivery: null }))).not.toMatch(/pushed|dropped|queued/);
  });
});

describe('the push of these', () => {
  function setUp(read: () => OwnState = stateOf) {
    const clock = fakeClock();
    const seen: [what: string, name: string, labels: string, atMs: number][] = [];
    const note = (what: string) => (state: SeriesState, atMs: number) => {
      const { environment, location, instance, id } = state.target;
      seen.push([what, state.layout.id, [environment, location, instance, id].join('|'), atMs]);
    };
    const sink: ProbeSink = { observe: note('observe'), end: note('end'), stop: async () => {} };
    const labels = { environment: 'prod', location: 'vienna', instance: 'prober-0' };
    return { clock, seen, own: watchOwn({ clock, sink, labels, read }) };
  }

  it('comes every 15 seconds, in rising times, with labels of the prober and of no target; and ends', async () => {
    const { clock, seen, own } = setUp();
    await clock.advance(31_000);
    const online = () => seen.filter(([, name]) => name === 'probe_online');
    expect(online()).toHaveLength(3);
    expect(new Set(online().map(([, , labels]) => labels))).toEqual(new Set(['prod|vienna|prober-0|']));
    own.end();
    expect(online().map(([what]) => what)).toEqual(['observe', 'observe', 'observe', 'observe', 'end']);
    const times = online().map(([, , , atMs]) => atMs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    await clock.advance(60_000);
    expect(online()).toHaveLength(5);
  });

  it('ends what was told of a kind of target that is gone', async () => {
    let targets = new Map([
      ['http', 3],
      ['tcp', 2],
    ]);
    const { clock, seen, own } = setUp(() => stateOf({ targets }));
    targets = new Map([['tcp', 2]]);
    await clock.advance(15_000);
    expect(seen.filter(([, name]) => name === 'probe_targets').map(([what]) => what)).toEqual([
      'observe',
      'end',
      'observe',
    ]);
    own.end();
  });
});

describe('of the runner, they', () => {
  it('say when the last reload succeeded, and that a later one failed', async () => {
    const catalogue = catalogueOf({ web: httpSpec() });
    const addresses = new Map([['shop/web', `http://127.0.0.1:${await closedPort()}`]]);
    const runner = startProbes({ catalogue, addresses });
    const value = (name: string) => runner.own().find(({ family }) => family.name === name)?.samples[0]?.value;
    const loadedAt = value('firedrill_config_last_reload_success_timestamp_seconds');
    await expect(runner.reload({ catalogue, addresses: new Map() })).rejects.toThrow('shop/web has no address');
    expect(value('firedrill_config_last_reload_successful')).toBe(0);
    expect(value('blackbox_exporter_config_last_reload_successful')).toBe(0);
    expect(value('firedrill_config_last_reload_success_timestamp_seconds')).toBe(loadedAt);
    expect(runner.results().has('shop/web')).toBe(true);
    expect(await runner.reload({ catalogue: catalogueOf({}), addresses })).toEqual({
      added: 0,
      changed: 0,
      removed: 1,
      unchanged: 0,
    });
    expect(value('firedrill_config_last_reload_successful')).toBe(1);
    expect(await runner.stop()).toEqual([]);
  });
});
