import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHeartbeatBoard } from '../../../probes/heartbeat/board.ts';
import { kindOf } from '../../../probes/kinds.ts';
import { createFileStore } from '../../../probes/state/file-store.ts';
import { createMemoryStore, type StateStore } from '../../../probes/state/store.ts';
import { systemContext } from '../../../probes/system-context.ts';
import type { HeartbeatProbeSpec } from '../../../thresholds/model.ts';
import { fakeClock } from '../fake-clock.ts';
import { heartbeatSpec } from '../specs.ts';
import { context, options, runOnce, target } from '../support.ts';

const ID = 'shop/backup';

/** A prober that looks every ten seconds, on a clock turned by hand; a beat is expected each minute, five seconds of grace. */
function prober(
  change: Partial<HeartbeatProbeSpec> = {},
  state: StateStore = createMemoryStore(),
  clock = fakeClock(),
) {
  const spec = heartbeatSpec({ withinMs: 60_000, graceMs: 5_000, intervalMs: 10_000, ...change });
  const here = { ...systemContext(clock, {}), state };
  const probe = kindOf(spec).create(here, target({ id: ID, url: 'https://backup.test', spec }));
  const board = createHeartbeatBoard(state);
  return {
    clock,
    beat: (state: 'ok' | 'fail' | 'start', durationMs: number | null = null) =>
      board.beat(ID, state, clock.now(), durationMs),
    /** Lets the time pass, looking as a prober does; the last look. */
    async passes(seconds: number) {
      for (let left = seconds; left > 0; left -= 10) {
        clock.stall(Math.min(10, left) * 1_000);
        await probe.run(options());
      }
      return probe.run(options());
    },
  };
}

describe('a heartbeat probe', () => {
  it('is unknown until the first beat is overdue, then fails', async () => {
    const { passes } = prober();
    expect(await passes(0)).toMatchObject({
      outcome: 'unknown',
      reason: 'not-heard',
      detail: 'not heard yet, another 65 s to go',
    });
    expect(await passes(60)).toMatchObject({ outcome: 'unknown', reason: 'not-heard' });
    expect(await passes(6)).toMatchObject({
      outcome: 'failure',
      reason: 'silent',
      detail: expect.stringMatching(/^never heard, expected within/),
    });
  });

  it('succeeds while beats come, and fails when they end', async () => {
    const { beat, passes } = prober();
    beat('ok');
    expect(await passes(65)).toMatchObject({ outcome: 'success', facts: { heartbeat: { limitSeconds: 65 } } });
    beat('ok');
    expect(await passes(60)).toMatchObject({ outcome: 'success' });
    expect(await passes(6)).toMatchObject({
      outcome: 'failure',
      reason: 'silent',
      detail: expect.stringMatching(/^last beat .* ago/),
    });
    beat('ok');
    expect(await passes(0)).toMatchObject({ outcome: 'success' });
  });

  it('fails on a reported failure until the next good beat', async () => {
    const { beat, passes } = prober();
    beat('ok');
    beat('fail');
    expect(await passes(10)).toMatchObject({ outcome: 'failure', reason: 'reported' });
    beat('start');
    expect(await passes(0)).toMatchObject({ outcome: 'failure', reason: 'reported' });
    beat('ok');
    expect(await passes(0)).toMatchObject({ outcome: 'success' });
  });

  it('measures from start to finish, and takes what it is told instead', async () => {
    const { beat, passes } = prober();
    beat('start');
    await passes(20);
    beat('ok');
    expect((await passes(0)).facts.heartbeat).toMatchObject({ durationSeconds: 20 });
    beat('ok', 1_500);
    expect((await passes(0)).facts.heartbeat).toMatchObject({ durationSeconds: 1.5 });
  });

  it('fails on a start without a finish in time', async () => {
    const { beat, passes } = prober({ finishWithinMs: 30_000 });
    beat('ok');
    beat('start');
    expect(await passes(30)).toMatchObject({ outcome: 'success' });
    expect(await passes(1)).toMatchObject({
      outcome: 'failure',
      reason: 'silent',
      detail: expect.stringMatching(/not finished/),
    });
  });

  it('keeps the last beat over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const open = () =>
      createFileStore({
        path: join(folder, 'probes.json'),
        clock: context.clock,
        onProblem: (problem) => expect(problem).toBe(''),
      });
    const first = open();
    const before = prober({}, first);
    before.beat('fail', 2_000);
    await before.passes(10);
    await first.flush();
    const after = prober({}, open(), before.clock);
    expect(await after.passes(0)).toMatchObject({
      outcome: 'failure',
      reason: 'reported',
      facts: { heartbeat: { durationSeconds: 2 } },
    });
  });

  it('does not take an outage of the prober for silence of the sender', async () => {
    const state = createMemoryStore();
    const before = prober({}, state);
    before.beat('ok');
    await before.passes(20);
    before.clock.stall(3_600_000);
    const after = prober({}, state, before.clock);
    expect(await after.passes(0)).toMatchObject({
      outcome: 'unknown',
      reason: 'not-heard',
      detail: expect.stringMatching(/no prober was there/),
    });
    expect(await after.passes(40)).toMatchObject({ outcome: 'unknown' });
    expect(await after.passes(10)).toMatchObject({ outcome: 'failure', reason: 'silent' });
  });

  it('does not excuse silence by a short restart', async () => {
    const state = createMemoryStore();
    const before = prober({}, state);
    before.beat('ok');
    await before.passes(60);
    before.clock.stall(10_000);
    expect(await prober({}, state, before.clock).passes(0)).toMatchObject({ outcome: 'failure', reason: 'silent' });
  });

  it('starts anew on a state that it does not understand', async () => {
    const state = createMemoryStore();
    for (const odd of [
      7,
      'x',
      [],
      { lastMs: 'never' },
      { waitingSinceMs: 1, lookedMs: 1, deafMs: 0, lastMs: 1, startedMs: null, durationMs: null, lastState: 'odd' },
    ]) {
      state.set(`heartbeat/${ID}`, odd);
      expect(await prober({}, state).passes(0)).toMatchObject({ outcome: 'unknown', reason: 'not-heard' });
    }
  });

  it('asks nobody', async () => {
    const result = await runOnce(context, target({ url: 'http://192.0.2.1:1', spec: heartbeatSpec() }), options());
    expect(result).toMatchObject({ outcome: 'unknown', phases: { other: expect.any(Number) } });
    expect(result.durationSeconds).toBeLessThan(0.1);
  });
});
