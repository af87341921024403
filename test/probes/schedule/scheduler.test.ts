import { describe, expect, it } from 'vitest';
import { phaseMs } from '../../../probes/schedule/phase.ts';
import { createScheduler, type ScheduledTask } from '../../../probes/schedule/scheduler.ts';
import { fakeClock } from '../fake-clock.ts';

function setUp(caps = { total: 100, perHost: 100 }) {
  const clock = fakeClock();
  const scheduler = createScheduler({ clock, caps });
  const runs: { id: string; atMs: number }[] = [];
  const times = (id: string) => runs.filter((run) => run.id === id).map(({ atMs }) => atMs);
  const task = (id: string, change: Partial<ScheduledTask> = {}): ScheduledTask => ({
    id,
    intervalMs: 1_000,
    host: id,
    longestRunMs: 10,
    async run() {
      runs.push({ id, atMs: clock.monotonicMs() });
      return null;
    },
    ...change,
  });
  const slowTask = (id: string, ms: number) => {
    const { run } = task(id);
    const slow = async (extra: boolean) => {
      await run(extra);
      await new Promise<void>((resolve) => void clock.after(ms, resolve));
      return null;
    };
    return task(id, { run: slow });
  };
  const late = () => [...scheduler.lag.counts];
  return { clock, scheduler, runs, times, late, task, slowTask };
}

describe('the scheduler', () => {
  it('runs each task at its phase, once an interval', async () => {
    const { clock, scheduler, times, late, task } = setUp();
    const startMs = clock.now();
    for (const id of ['a', 'b', 'c']) scheduler.add(task(id));
    await clock.advance(10_000);
    for (const id of ['a', 'b', 'c']) {
      expect(times(id)).toHaveLength(10);
      for (const time of times(id)) expect((startMs + time) % 1_000).toBe(phaseMs(id, 1_000));
    }
    expect(late()).toEqual([30, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(scheduler.skipped).toEqual({ overlap: 0, late: 0 });
  });

  it('leaves out what it slept through, counts it, and never catches up', async () => {
    const { clock, scheduler, times, late, task } = setUp();
    scheduler.add(task('a'), 0);
    await clock.advance(1);
    clock.stall(5_500);
    await clock.advance(0);
    // Due at 1, 2, 3, 4 and 5 s, all past at 5.501 s: the last still runs, late; four are left out.
    expect(times('a')).toEqual([0, 5_501]);
    expect(scheduler.lag.sumSeconds).toBeCloseTo(0.501, 9);
    expect(scheduler.skipped).toEqual({ overlap: 0, late: 4 });
    await clock.advance(600);
    expect(times('a').at(-1)).toBe(6_000);
    expect(late()).toEqual([2, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  it('skips a run while the one before is still under way', async () => {
    const { clock, scheduler, runs, slowTask } = setUp();
    scheduler.add(slowTask('a', 2_500), 0);
    await clock.advance(5_000);
    expect(runs.map(({ atMs }) => atMs)).toEqual([0, 3_000]);
    expect(scheduler.skipped).toEqual({ overlap: 4, late: 0 });
  });

  it('starts what waited for a place late, and says by how much', async () => {
    const { clock, scheduler, runs, slowTask } = setUp({ total: 1, perHost: 1 });
    for (const [index, id] of ['a', 'b', 'c'].entries()) scheduler.add(slowTask(id, 300), index);
    await clock.advance(900);
    expect(runs).toEqual([
      { id: 'a', atMs: 0 },
      { id: 'b', atMs: 300 },
      { id: 'c', atMs: 600 },
    ]);
    expect(scheduler.lag.sumSeconds).toBeCloseTo(0.299 + 0.598, 9);
  });

  it('looks again sooner where a run asks for it, and keeps the phase', async () => {
    const { clock, scheduler, task } = setUp();
    const seen: [number, boolean][] = [];
    const wishes = [200, 300, 495, 1_500, null];
    const run = async (extra: boolean) => {
      seen.push([clock.monotonicMs(), extra]);
      return wishes[seen.length - 1] ?? null;
    };
    scheduler.add(task('a', { run }), 0);
    await clock.advance(3_000);
    expect(seen).toEqual([
      [0, false],
      [200, true],
      [500, true],
      // Another at 995 might still be under way now.
      [1_000, false],
      [2_000, false],
      [3_000, false],
    ]);
    expect(scheduler.skipped).toEqual({ overlap: 0, late: 0 });
  });

  it('runs nothing that was asked for once a task is removed, though its place is taken by another', async () => {
    const { clock, scheduler, times, task } = setUp();
    let asked = 0;
    const run = async () => {
      asked += 1;
      return 400;
    };
    const removed = scheduler.add(task('removed', { run }), 0);
    await clock.advance(1);
    scheduler.remove(removed);
    scheduler.add(task('new'), 10);
    await clock.advance(1_100);
    scheduler.add(task('newer'), 10);
    scheduler.add(task('newest'), 20);
    await clock.advance(950);
    expect(asked).toBe(1);
    expect(times('new')).toEqual([11, 1_011, 2_011]);
    expect(times('newer')).toEqual([1_111]);
    expect(times('newest')).toEqual([1_121]);
  });

  it('runs nothing more once a task is removed or all is stopped', async () => {
    const { clock, scheduler, runs, task } = setUp();
    const removed = scheduler.add(task('removed'), 500);
    scheduler.add(task('kept'), 500);
    await clock.advance(1_000);
    scheduler.remove(removed);
    await clock.advance(1_000);
    scheduler.add(task('new'), 100);
    await clock.advance(200);
    scheduler.stop();
    await clock.advance(5_000);
    expect(runs.map(({ id }) => id)).toEqual(['removed', 'kept', 'kept', 'new']);
  });
});
