import type { Clock } from '../clock.ts';
import { createDueHeap } from './due-heap.ts';
import { createLagHistogram, type LagHistogram } from './lag-histogram.ts';
import { createLimiter } from './limiter.ts';
import { untilPhaseMs } from './phase.ts';

/** Something to run again and again. */
export interface ScheduledTask {
  id: string;
  intervalMs: number;
  /** Tasks of one host share a cap. */
  host: string;
  /** How long a run may take: an extra one that might still be under way at the next regular one is left out. */
  longestRunMs: number;
  /**
   * Runs once. Must not reject. `extra`: not due by its interval, but because the run before asked for it. Resolves to the milliseconds
   * after which to look again, before the next regular run; null for no such wish.
   */
  run(extra: boolean): Promise<number | null>;
}

/** Why a due run did not take place: the one before was still under way (or waiting for a place), or the process slept past it. */
export type SkipReason = 'overlap' | 'late';

export interface Scheduler {
  /** Adds a task; its first run is at its phase, unless `firstRunInMs` says otherwise. Returns a handle for `remove`. */
  add(task: ScheduledTask, firstRunInMs?: number): number;
  /** No further run; one under way ends by itself. */
  remove(handle: number): void;
  /** No further run of any task. */
  stop(): void;
  /** Runs skipped so far, by reason. */
  readonly skipped: Readonly<Record<SkipReason, number>>;
  /** Of all starts, how late. */
  readonly lag: LagHistogram;
  /** Runs under way, and runs that wait for a place. */
  readonly load: { active: number; waiting: number };
}

interface Entry {
  task: ScheduledTask;
  dueMs: number;
  busy: boolean;
  removed: boolean;
  /** Entries of the heap that lead here: the handle is free once there are none. */
  inHeap: number;
}

/** Caps where nothing else is said. A probe of a dead host holds its place until its timeout. */
export const DEFAULT_CAPS = { total: 1_000, perHost: 20 } as const;

/**
 * Runs tasks at their phase: one timer and one heap for all of them. A missed run is counted and left out, never caught up, so
 * that no burst follows a stall. Due times are monotonic: a jump of the wall clock moves nothing.
 */
export function createScheduler({
  clock,
  caps = DEFAULT_CAPS,
}: {
  clock: Clock;
  caps?: { total: number; perHost: number };
}): Scheduler {
  // Entries of the heap are twice the handle, and one more for an extra run.
  const heap = createDueHeap();
  const limiter = createLimiter(caps);
  const lag = createLagHistogram();
  const entries: Entry[] = [];
  const free: number[] = [];
  const skipped: Record<SkipReason, number> = { overlap: 0, late: 0 };
  let cancel = () => {};
  let wakeMs = Number.POSITIVE_INFINITY;
  let stopped = false;

  const push = (dueMs: number, handle: number, extra: boolean) => {
    (entries[handle] as Entry).inHeap += 1;
    heap.push(dueMs, handle * 2 + (extra ? 1 : 0));
  };
  const arm = () => {
    const dueMs = heap.peekMs();
    if (stopped || dueMs >= wakeMs) return;
    cancel();
    wakeMs = dueMs;
    cancel = clock.after(Math.max(0, dueMs - clock.monotonicMs()), wake);
  };
  const wake = () => {
    wakeMs = Number.POSITIVE_INFINITY;
    const nowMs = clock.monotonicMs();
    while (!stopped && heap.peekMs() <= nowMs) {
      const dueMs = heap.peekMs();
      const popped = heap.pop();
      const handle = popped >> 1;
      const entry = entries[handle] as Entry;
      entry.inHeap -= 1;
      if (entry.removed) {
        if (entry.inHeap === 0) free.push(handle);
      } else if ((popped & 1) === 1) {
        if (!entry.busy) begin(entry, handle, dueMs, true);
      } else beginRegular(entry, handle, nowMs);
    }
    arm();
  };
  const beginRegular = (entry: Entry, handle: number, nowMs: number) => {
    const { intervalMs } = entry.task;
    // Whole intervals that passed unseen: each is a run that did not take place; the last due one still does.
    const missed = Math.floor((nowMs - entry.dueMs) / intervalMs);
    skipped.late += missed;
    const dueMs = entry.dueMs + missed * intervalMs;
    entry.dueMs = dueMs + intervalMs;
    push(entry.dueMs, handle, false);
    if (entry.busy) skipped.overlap += 1;
    else begin(entry, handle, dueMs, false);
  };
  const begin = (entry: Entry, handle: number, dueMs: number, extra: boolean) => {
    const { task } = entry;
    entry.busy = true;
    const finish = (againInMs: number | null) => {
      entry.busy = false;
      limiter.release(task.host);
      if (againInMs === null || entry.removed || stopped) return;
      const againMs = clock.monotonicMs() + againInMs;
      if (againMs + task.longestRunMs >= entry.dueMs) return;
      push(againMs, handle, true);
      arm();
    };
    limiter.acquire(task.host, () => {
      if (stopped || entry.removed) return finish(null);
      lag.observe((clock.monotonicMs() - dueMs) / 1_000);
      void task.run(extra).then(finish, () => finish(null));
    });
  };

  return {
    add(task, firstRunInMs = untilPhaseMs(task.id, task.intervalMs, clock.now())) {
      const dueMs = clock.monotonicMs() + firstRunInMs;
      const handle = free.pop() ?? entries.length;
      entries[handle] = { task, dueMs, busy: false, removed: false, inHeap: 0 };
      push(dueMs, handle, false);
      arm();
      return handle;
    },
    remove(handle) {
      const entry = entries[handle];
      if (entry !== undefined) entry.removed = true;
    },
    stop() {
      stopped = true;
      cancel();
    },
    skipped,
    lag,
    get load() {
      return { active: limiter.active, waiting: limiter.waiting };
    },
  };
}
