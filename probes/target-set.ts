import { setImmediate as breathe } from 'node:timers/promises';
import type { Scheduler } from './schedule/scheduler.ts';
import { emptyTally, type ProbeTally } from './tally.ts';
import type { ProbeTarget } from './target.ts';
import { diffTargets } from './target-diff.ts';
import { createTargetLoop, type LoopSurroundings, type TargetLoop } from './target-loop.ts';

/** How a reload changed the targets. */
export interface ReloadSummary {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
}

/** All targets that are probed, and how they come and go. */
export interface TargetSet {
  /** The first targets, all at once: nothing runs yet that could be held up. */
  fill(targets: readonly ProbeTarget[]): void;
  /** Makes the targets these. Those that stay as they are notice nothing; new ones first run at their phase. */
  update(targets: readonly ProbeTarget[]): Promise<ReloadSummary>;
  readonly tallies: ReadonlyMap<string, ProbeTally>;
  /** Targets by kind. */
  byKind(): ReadonlyMap<string, number>;
  /** Samples of rarely probed targets again, if older than `sinceMs`. */
  repeatRare(sinceMs: number): void;
  end(): Promise<void>;
}

/** Gauges of a target that is probed less often than this must be sent in between: Prometheus looks back five minutes. */
export const REPEAT_MS = 120_000;

/** Targets changed at a time; runs that are due take place in between. */
const SLICE = 250;

/**
 * An empty set.
 * @param keptDurations of each target, for the percentile of a verdict.
 */
export function createTargetSet(scheduler: Scheduler, around: LoopSurroundings, keptDurations = 0): TargetSet {
  const loops = new Map<string, { loop: TargetLoop; handle: number }>();
  const tallies = new Map<string, ProbeTally>();
  const rare = new Set<TargetLoop>();
  const endings = new Set<Promise<void>>();

  const schedule = (loop: TargetLoop): number => {
    const { id, url, spec } = loop.target;
    if (spec.intervalMs > REPEAT_MS) rare.add(loop);
    else rare.delete(loop);
    const { intervalMs, timeoutMs } = spec;
    return scheduler.add({ id, intervalMs, host: new URL(url).host, longestRunMs: timeoutMs, run: loop.run });
  };
  const add = (target: ProbeTarget) => {
    const tally = emptyTally(target.id, target.spec.kind, keptDurations);
    const loop = createTargetLoop(target, tally, around);
    tallies.set(target.id, tally);
    loops.set(target.id, { loop, handle: schedule(loop) });
  };
  const change = (target: ProbeTarget) => {
    const known = loops.get(target.id);
    if (known === undefined) return;
    const { spec, url } = known.loop.target;
    known.loop.replace(target);
    known.loop.tally.kind = target.spec.kind;
    const { intervalMs, timeoutMs } = target.spec;
    if (spec.intervalMs === intervalMs && spec.timeoutMs === timeoutMs && url === target.url) return;
    scheduler.remove(known.handle);
    known.handle = schedule(known.loop);
  };
  const remove = (id: string) => {
    const known = loops.get(id);
    if (known === undefined) return;
    scheduler.remove(known.handle);
    loops.delete(id);
    tallies.delete(id);
    rare.delete(known.loop);
    const ending = known.loop.end().finally(() => endings.delete(ending));
    endings.add(ending);
  };

  return {
    fill: (targets) => targets.forEach(add),
    async update(targets) {
      const before = new Map([...loops].map(([id, { loop }]) => [id, loop.target]));
      const { added, changed, removed, unchanged } = diffTargets(before, targets);
      await inSlices(removed, remove);
      await inSlices(changed, change);
      await inSlices(added, add);
      return { added: added.length, changed: changed.length, removed: removed.length, unchanged };
    },
    tallies,
    byKind() {
      const counts = new Map<string, number>();
      for (const { loop } of loops.values()) {
        const { kind } = loop.target.spec;
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      return counts;
    },
    repeatRare(sinceMs) {
      for (const loop of rare) loop.repeat(sinceMs);
    },
    async end() {
      for (const id of loops.keys()) {
        const known = loops.get(id);
        if (known !== undefined) endings.add(known.loop.end());
      }
      await Promise.all(endings);
    },
  };
}

async function inSlices<Item>(items: readonly Item[], each: (item: Item) => void): Promise<void> {
  for (let start = 0; start < items.length; start += SLICE) {
    if (start > 0) await breathe();
    items.slice(start, start + SLICE).forEach(each);
  }
}
