import type { ProbeResult } from '../result.ts';
import type { ProbeTarget } from '../target.ts';
import { createHistory, type History } from './history.ts';

/** What is told of a run. */
export interface ObservedRun {
  target: ProbeTarget;
  result: ProbeResult;
  /** Unix milliseconds at its end. */
  atMs: number;
  /** Confirmed state after this run; null before the first judged one. */
  up: boolean | null;
  maintenance: boolean;
  /** A faster look at a failing target: history would count its outage more than once. */
  extra?: boolean;
}

/** The last failure of a target, as far as a person asks for it. */
export type LastFailure = Pick<ProbeResult, 'reason' | 'detail' | 'durationSeconds' | 'phases'> & { atMs: number };

/** What the status page knows of one target. */
export interface TargetStatus {
  id: string;
  system: string;
  service: string;
  kind: string;
  /** Confirmed state; null when nothing was judged yet. */
  up: boolean | null;
  /** Unix milliseconds at which the state became what it is; null when unknown. */
  sinceMs: number | null;
  maintenance: boolean;
  /** Of the last run; null before the first. */
  last: (Pick<ProbeResult, 'outcome' | 'reason' | 'detail' | 'durationSeconds' | 'degraded'> & { atMs: number }) | null;
  lastFailure: LastFailure | null;
  /** Rises with every change of the board; a reader asks for what is newer than it has. */
  version: number;
}

/** What outlives a restart, beside the records of the history. */
export type KeptStatus = Pick<TargetStatus, 'id' | 'up' | 'sinceMs' | 'lastFailure'>;

/** State and history of all targets, for the status page. */
export interface StatusBoard {
  observe(run: ObservedRun): void;
  /** A target that exists but has not run yet. */
  add(target: ProbeTarget): void;
  remove(id: string): void;
  readonly version: number;
  /** Targets on it. */
  readonly size: number;
  /** In the order of their registration. */
  all(): Iterable<TargetStatus>;
  get(id: string): TargetStatus | undefined;
  readonly history: History;
  /** Takes up what was kept; targets that come later find it. */
  restore(kept: Iterable<{ status: KeptStatus; record: Uint8Array }>): void;
}

/** An empty board. */
export function createStatusBoard(): StatusBoard {
  const statuses = new Map<string, TargetStatus>();
  const kept = new Map<string, KeptStatus>();
  const history = createHistory();
  let version = 0;

  const ensure = (target: ProbeTarget): TargetStatus => {
    const known = statuses.get(target.id);
    if (known !== undefined) return known;
    version += 1;
    const { up = null, sinceMs = null, lastFailure = null } = kept.get(target.id) ?? {};
    const { id, system, service } = target;
    const fresh = { id, system, service, kind: target.spec.kind, up, sinceMs, lastFailure };
    const status: TargetStatus = { ...fresh, maintenance: false, last: null, version };
    kept.delete(id);
    statuses.set(id, status);
    return status;
  };

  return {
    history,
    get version() {
      return version;
    },
    get size() {
      return statuses.size;
    },
    add: (target) => void ensure(target),
    observe({ target, result, atMs, up, maintenance, extra = false }) {
      const status = ensure(target);
      version += 1;
      status.version = version;
      status.kind = target.spec.kind;
      if (up !== status.up && up !== null) {
        status.up = up;
        status.sinceMs = atMs;
      }
      status.maintenance = maintenance;
      const { outcome, reason, detail, durationSeconds, degraded, phases } = result;
      status.last = { outcome, reason, detail, durationSeconds, degraded, atMs };
      if (outcome === 'failure') status.lastFailure = { reason, detail, durationSeconds, phases, atMs };
      if (outcome === 'unknown' || maintenance || extra) return;
      history.add(target.id, { atMs, good: outcome === 'success', seconds: durationSeconds });
    },
    remove(id) {
      version += 1;
      statuses.delete(id);
      history.remove(id);
    },
    all: () => statuses.values(),
    get: (id) => statuses.get(id),
    restore(entries) {
      for (const { status, record } of entries) {
        kept.set(status.id, status);
        history.restore(status.id, record);
      }
    },
  };
}
