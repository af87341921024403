import { describe, expect, it } from 'vitest';
import { phaseMs } from '../../../probes/schedule/phase.ts';
import { createScheduler, type ScheduledTask } from '../../../probes/schedule/scheduler.ts';
import { fakeClock } from '../fake-clock.ts';

function setUp(caps = { total: 100, perHost: 100 }) {
  const clock = fakeClock();
  const scheduler = createScheduler({ clock, caps });
  const runs: { id: string; atMs: number; lagMs: number }[] = [];
  const task = (id: string, change: Partial<ScheduledTask> = {}): ScheduledTask => ({
    id,
    intervalMs: 1_000,
    host: id,
    run: async (lagMs) => void runs.push({ id, atMs: clock.monotonicMs(), lagMs }),
    ...change,
  });
  const slowTask = (id: string, ms: number) => {
    const { run } = task(id);
    const slow = async (lagMs: number) => {
      await run(lagMs);
      await new Promise<void>((resolve) => void clock.after(ms, resolve));
    };
    return task(id, { run: slow });
  };
  return { clock, scheduler, runs, task, slowTask };
}

describe('the scheduler', () => {
  it('runs each task at its phase, once an interval', async () => {
    const { clock, scheduler, runs, task } = setUp();
    const startMs = clock.now();
    for (const id of ['a', 'b', 'c']) scheduler.add(task(id));
    await clock.advance(10_000);
    for (const id of ['a', 'b', 'c']) {
      const times = runs.filter((run) => run.id === id).map((run) => run.atMs);
      expect(times).toHaveLength(10);
      for (const time of times) expect((startMs + time) % 1_000).toBe(phaseMs(id, 1_000));
    }
    expect(runs.every(({ lagMs }) => lagMs === 0)).toBe(true);
    expect(scheduler.skipped).toEqual({ overlap: 0, late: 0 });
  });

  it('leaves out what it slept through, counts it, and never catches up', async () => {
    const { clock, scheduler, runs, task } = setUp();
    scheduler.add(task('a'), 0);
    await clock.advance(1);
    clock.stall(5_500);
    await clock.advance(0);
    // Due at 1, 2, 3, 4 and 5 s, all past at 5.501 s: the last still runs, late; four are left out.
    expect(runs.map(({ atMs, lagMs }) => [atMs, lagMs])).toEqual([
      [0, 0],
      [5_501, 501],
    ]);
    expect(scheduler.skipped).toEqual({ overlap: 0, late: 4 });
    await clock.advance(600);
    expect(runs.at(-1)).toMatchObject({ atMs: 6_000, lagMs: 0 });
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
    expect(runs.map(({ id, lagMs }) => [id, lagMs])).toEqual([
      ['a', 0],
      ['b', 299],
      ['c', 598],
    ]);
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
