import type { Clock } from '../clock.ts';
import { createDueHeap } from './due-heap.ts';
import { createLimiter } from './limiter.ts';
import { untilPhaseMs } from './phase.ts';

/** Something to run again and again. */
export interface ScheduledTask {
  id: string;
  intervalMs: number;
  /** Tasks of one host share a cap. */
  host: string;
  /** Runs once. Must not reject. `lagMs`: how much later than due it starts. */
  run(lagMs: number): Promise<void>;
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
}

interface Entry {
  task: ScheduledTask;
  dueMs: number;
  busy: boolean;
  removed: boolean;
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
  const heap = createDueHeap();
  const limiter = createLimiter(caps);
  const entries: Entry[] = [];
  /** Handles that left the heap and may be given again. */
  const free: number[] = [];
  const skipped: Record<SkipReason, number> = { overlap: 0, late: 0 };
  let cancel = () => {};
  let wakeMs = Number.POSITIVE_INFINITY;
  let stopped = false;

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
      const handle = heap.pop();
      const entry = entries[handle] as Entry;
      if (entry.removed) {
        free.push(handle);
        continue;
      }
      begin(entry, nowMs);
      heap.push(entry.dueMs, handle);
    }
    arm();
  };
  const begin = (entry: Entry, nowMs: number) => {
    const { task } = entry;
    // Whole intervals that passed unseen: each is a run that did not take place; the last due one still does.
    const missed = Math.floor((nowMs - entry.dueMs) / task.intervalMs);
    skipped.late += missed;
    const dueMs = entry.dueMs + missed * task.intervalMs;
    entry.dueMs = dueMs + task.intervalMs;
    if (entry.busy) {
      skipped.overlap += 1;
      return;
    }
    entry.busy = true;
    limiter.acquire(task.host, () => {
      const finish = () => {
        entry.busy = false;
        limiter.release(task.host);
      };
      if (stopped || entry.removed) finish();
      else void task.run(clock.monotonicMs() - dueMs).finally(finish);
    });
  };

  return {
    add(task, firstRunInMs = untilPhaseMs(task.id, task.intervalMs, clock.now())) {
      const dueMs = clock.monotonicMs() + firstRunInMs;
      const handle = free.pop() ?? entries.length;
      entries[handle] = { task, dueMs, busy: false, removed: false };
      heap.push(dueMs, handle);
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
  };
}
