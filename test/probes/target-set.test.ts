import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../probes/connect.ts';
import { createConnectivityGuard } from '../../probes/connectivity.ts';
import { ProbeFailure } from '../../probes/failure.ts';
import { createRegistry, type SeriesState } from '../../probes/metrics/registry.ts';
import { phaseMs } from '../../probes/schedule/phase.ts';
import { recheckBudget } from '../../probes/schedule/recheck.ts';
import { createScheduler } from '../../probes/schedule/scheduler.ts';
import type { ProbeTarget } from '../../probes/target.ts';
import { createTargetSet } from '../../probes/target-set.ts';
import type { MaintenanceWindow, TcpProbeSpec } from '../../thresholds/model.ts';
import { fakeClock } from './fake-clock.ts';
import { options, context as realContext, target, tcpSpec } from './support.ts';

interface Seen {
  what: 'observe' | 'end';
  id: string;
  state: SeriesState;
  atMs: number;
  values: Record<string, number>;
}

/** Targets on a clock turned by hand, whose connections succeed but for the hosts that are down. */
function setUp() {
  const clock = fakeClock();
  const down = new Set<string>();
  const slow = new Set<string>();
  const runs: { host: string; atMs: number }[] = [];
  const seen: Seen[] = [];
  const connect: Connector = async ({ hostname }) => {
    runs.push({ host: hostname, atMs: clock.monotonicMs() });
    if (slow.has(hostname)) await new Promise<void>((resolve) => void clock.after(300, resolve));
    if (down.has(hostname)) throw new ProbeFailure('refused', 'refused');
    return new Socket();
  };
  const context = { ...realContext, clock, connect };
  const scheduler = createScheduler({ clock, caps: { total: 2_000, perHost: 20 } });
  const registry = createRegistry();
  const note = (what: Seen['what']) => (state: SeriesState, atMs: number) => {
    const { id } = state.target;
    seen.push({ what, id, state, atMs, values: valuesOf(state) });
  };
  const set = createTargetSet(scheduler, {
    registry,
    sink: { observe: note('observe'), end: note('end'), stop: async () => {} },
    context,
    options: options(),
    lag: { worstSinceMs: () => 0, stop() {} },
    connectivity: () => createConnectivityGuard(context, []),
    rechecks: recheckBudget(),
    watcher: undefined,
  });
  const of = (id: string) => seen.filter((each) => each.id === id);
  const last = (id: string) => of(id).at(-1);
  const runsOf = (id: string) => runs.filter(({ host }) => host === hostOf(id)).map(({ atMs }) => atMs);
  return { clock, down, slow, set, registry, scheduler, seen, of, last, runsOf };
}

/** Values by name, and by name and reason for results. */
function valuesOf({ layout, values }: SeriesState): Record<string, number> {
  return Object.fromEntries(
    layout.series.flatMap(({ family, suffix, labels }, slot) => {
      const value = values[slot] as number;
      const name = `${family.name}${suffix}${labels.outcome === undefined ? '' : `/${labels.outcome}/${labels.reason}`}`;
      return Number.isNaN(value) || labels.le !== undefined ? [] : [[name, value]];
    }),
  );
}

const hostOf = (id: string) => `${id.replace('/', '-')}.test`;

function tcp(id: string, change: Partial<TcpProbeSpec> = {}, rest: Partial<ProbeTarget> = {}): ProbeTarget {
  return target({ id, url: `tcp://${hostOf(id)}:1`, spec: tcpSpec(change), ...rest });
}

/** Ends of 30-bit numbers, the same in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x3fffffff;
    return state / 0x40000000;
  };
}

describe('a reload', () => {
  it.each([1, 2, 3])('of 1,000 targets under way loses no run of those that stay (seed %i)', async (seed) => {
    const { clock, set, scheduler, runsOf, registry } = setUp();
    const draw = random(seed);
    const startMs = clock.now();
    let current = Array.from({ length: 1_000 }, (_, index) => tcp(`a/${index}`));
    const stayed = new Set(current.map(({ id }) => id));
    let serial = 1_000;
    set.fill(current);
    for (let second = 0; second < 5; second += 1) {
      await clock.advance(1_000 * draw());
      let [added, changed, removed] = [0, 0, 0];
      const next = current.flatMap((each) => {
        const drawn = draw();
        if (drawn < 0.05) {
          removed += 1;
          stayed.delete(each.id);
          return [];
        }
        if (drawn < 0.1) {
          changed += 1;
          stayed.delete(each.id);
          return [{ ...each, spec: { ...each.spec, timeoutMs: each.spec.timeoutMs + 1 } }];
        }
        // Equal, but not the same object: as after reading the file again.
        return [structuredClone(each)];
      });
      while (draw() < 0.95) {
        next.push(tcp(`a/${serial++}`));
        added += 1;
      }
      expect(await set.update(next)).toEqual({ added, changed, removed, unchanged: next.length - added - changed });
      current = next;
      expect([...registry.all()].map((state) => state.target.id).sort()).toEqual(current.map(({ id }) => id).sort());
      expect([...set.tallies.keys()].sort()).toEqual(current.map(({ id }) => id).sort());
    }
    const ranMs = clock.monotonicMs();
    expect(stayed.size).toBeGreaterThan(400);
    for (const id of stayed) {
      const phase = phaseMs(id, 1_000);
      const dueMs = Array.from({ length: 7 }, (_, n) => n * 1_000 + ((phase - (startMs % 1_000) + 1_000) % 1_000));
      expect(runsOf(id)).toEqual(dueMs.filter((ms) => ms <= ranMs));
      expect(set.tallies.get(id)?.runs).toBe(runsOf(id).length);
    }
    expect(scheduler.skipped).toEqual({ overlap: 0, late: 0 });
  });

  it('keeps counters, streaks and phase of a target whose timing changes', async () => {
    const { clock, down, set, last, of } = setUp();
    down.add(hostOf('shop/a'));
    set.fill([tcp('shop/a')]);
    await clock.advance(1_000);
    expect(last('shop/a')?.values).toMatchObject({ 'probe_results_total/failure/refused': 1 });
    expect(last('shop/a')?.values.probe_state).toBeUndefined();
    await set.update([tcp('shop/a', { timeoutMs: 500 })]);
    await clock.advance(1_000);
    expect(last('shop/a')?.values).toMatchObject({ 'probe_results_total/failure/refused': 2, probe_state: 0 });
    expect(last('shop/a')?.values.probe_timeout_seconds).toBe(0.5);
    expect(of('shop/a').filter(({ what }) => what === 'end')).toEqual([]);
  });

  it('carries the counters over when the series become others, ends those that were, and forgets the gauges', async () => {
    const { clock, set, of, last } = setUp();
    set.fill([tcp('shop/a')]);
    await clock.advance(3_000);
    const before = last('shop/a');
    await set.update([tcp('shop/a', { degradedAboveMs: 500 })]);
    const [end, fresh] = of('shop/a').slice(-2);
    expect(end).toMatchObject({ what: 'end' });
    expect(end?.state).toBe(before?.state);
    expect(fresh).toMatchObject({ what: 'observe', values: { probe_all_success_count: 3, probe_all_success_sum: 3 } });
    expect(fresh?.values['probe_results_total/success/degraded']).toBe(0);
    expect(fresh?.values.probe_success).toBeUndefined();
    expect(fresh?.atMs).toBeGreaterThan(end?.atMs ?? Number.POSITIVE_INFINITY);
    await clock.advance(1_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_all_success_count: 4, probe_success: 1, probe_state: 1 });
  });

  it('ends the series of a target that is gone at once, and a run under way says nothing more', async () => {
    const { clock, slow, set, of, runsOf, registry } = setUp();
    slow.add(hostOf('shop/a'));
    set.fill([tcp('shop/a'), tcp('shop/b')]);
    await clock.advance(1_000);
    while (runsOf('shop/a').length < 2) await clock.advance(10);
    await set.update([tcp('shop/b')]);
    expect(of('shop/a').at(-1)).toMatchObject({ what: 'end', atMs: clock.now() });
    expect([...registry.all()].map((state) => state.target.id)).toEqual(['shop/b']);
    const samples = of('shop/a').length;
    await clock.advance(5_000);
    expect(of('shop/a')).toHaveLength(samples);
    expect(runsOf('shop/a')).toHaveLength(2);
  });

  it('does not count what a run under way finds out about a target as it was', async () => {
    const { clock, slow, set, last, runsOf } = setUp();
    slow.add(hostOf('shop/a'));
    set.fill([tcp('shop/a')]);
    while (runsOf('shop/a').length < 1) await clock.advance(10);
    await set.update([tcp('shop/a', { timeoutMs: 900 })]);
    await clock.advance(400);
    expect(set.tallies.get('shop/a')?.runs).toBe(0);
    await clock.advance(1_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_all_success_count: 1, probe_timeout_seconds: 0.9 });
  });

  it('moves a target whose interval changes to its phase in that', async () => {
    const { clock, set, runsOf } = setUp();
    const startMs = clock.now();
    set.fill([tcp('shop/a')]);
    await clock.advance(2_000);
    await set.update([tcp('shop/a', { intervalMs: 4_000 })]);
    const before = runsOf('shop/a').length;
    await clock.advance(12_000);
    const later = runsOf('shop/a').slice(before);
    expect(later).toHaveLength(3);
    for (const atMs of later) expect((startMs + atMs) % 4_000).toBe(phaseMs('shop/a', 4_000));
  });
});

describe('a target', () => {
  it('is looked at sooner while it fails, and these looks do not count for the promise', async () => {
    const { clock, down, set, last, runsOf } = setUp();
    set.fill([tcp('shop/a', { intervalMs: 10_000, recheckMs: 2_000 })]);
    await clock.advance(10_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_state: 1, probe_all_success_count: 1 });
    down.add(hostOf('shop/a'));
    await clock.advance(10_000);
    const [first = 0] = runsOf('shop/a').slice(1);
    expect(runsOf('shop/a').slice(1, 6)).toEqual(
      [0, 2, 4, 6, 8].map((s) => first + s * 1_000).filter((ms) => ms <= 20_000),
    );
    await clock.advance(first - 10_000 + 1);
    expect(last('shop/a')?.values).toMatchObject({
      probe_state: 0,
      probe_all_success_count: 3,
      probe_all_success_sum: 1,
    });
    expect(set.tallies.get('shop/a')).toMatchObject({ runs: 3, failures: 2, leftOut: 4 });
    down.clear();
    await clock.advance(2_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_success: 1, probe_state: 0 });
    await clock.advance(2_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_success: 1, probe_state: 1, probe_all_success_count: 3 });
  });

  it('is probed on in a planned window, which counts neither for nor against the promise', async () => {
    const { clock, down, set, last } = setUp();
    const nowMs = clock.now();
    const planned: MaintenanceWindow = { kind: 'once', fromMs: nowMs + 2_000, toMs: nowMs + 5_000, note: '' };
    set.fill([tcp('shop/a', {}, { maintenance: [planned] })]);
    await clock.advance(2_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_maintenance: 0, probe_all_success_count: 2 });
    down.add(hostOf('shop/a'));
    await clock.advance(3_000);
    expect(last('shop/a')?.values).toMatchObject({
      probe_success: 0,
      probe_state: 0,
      probe_maintenance: 1,
      probe_all_success_count: 2,
      'probe_results_total/maintenance/planned': 3,
      'probe_results_total/failure/refused': 0,
    });
    expect(set.tallies.get('shop/a')).toMatchObject({ runs: 2, failures: 0, leftOut: 3 });
    await clock.advance(1_000);
    expect(last('shop/a')?.values).toMatchObject({ probe_maintenance: 0, 'probe_results_total/failure/refused': 1 });
  });

  it('that is probed rarely has its values sent again every two minutes, with the time of its last run', async () => {
    const { clock, set, of } = setUp();
    set.fill([tcp('shop/rare', { intervalMs: 600_000 }), tcp('shop/often', { intervalMs: 60_000 })]);
    for (let look = 0; look < 90; look += 1) {
      set.repeatRare(clock.now() - 120_000);
      await clock.advance(15_000);
    }
    // Zeros and the first run, two at the same moment; then up to the second run.
    const [zeros, ...samples] = of('shop/rare').filter(({ values }) => values.probe_all_success_count !== 2);
    expect(zeros?.values.probe_all_success_count).toBe(0);
    expect(samples.length).toBeGreaterThanOrEqual(4);
    expect(new Set(samples.map(({ values }) => JSON.stringify(values))).size).toBe(1);
    expect(samples[0]?.values.probe_last_run_timestamp_seconds).toBeCloseTo((samples[0]?.atMs ?? 0) / 1_000, 3);
    for (const [index, { atMs }] of samples.entries()) {
      expect(atMs - (samples[index - 1]?.atMs ?? atMs)).toBeLessThanOrEqual(120_000 + 15_000);
    }
    expect(of('shop/often').length).toBe(1 + (set.tallies.get('shop/often')?.runs ?? 0));
  });
});
