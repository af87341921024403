import type { Json, StateStore } from '../state/store.ts';

/** What a sender tells. `ok` also ends what a `start` began. */
export type BeatState = 'ok' | 'fail' | 'start';

/** What is known of one heartbeat. Times are Unix milliseconds. */
export interface HeartbeatRecord {
  /** Since when it is waited for: the first time that a prober knew of it. */
  waitingSinceMs: number;
  /** Last `ok` or `fail`; null before the first. */
  lastMs: number | null;
  lastState: 'ok' | 'fail' | null;
  /** A `start` without an end yet. */
  startedMs: number | null;
  /** How long the work took, as told or from start to end. */
  durationMs: number | null;
  /** When the prober last looked, and for how long since the last beat there was nobody to hear one. */
  lookedMs: number;
  deafMs: number;
}

/** What was heard, by target; it outlives reloads and, with a state file, restarts. */
export interface HeartbeatBoard {
  /** Notes a beat. `durationMs`: what the sender says of its work; null where it says nothing. */
  beat(target: string, state: BeatState, nowMs: number, durationMs: number | null): void;
  /**
   * What is known now. Called by every run: a longer time than `gapMs` since the last call means that no prober was there, and nobody
   * could be heard.
   */
  look(target: string, nowMs: number, gapMs: number): HeartbeatRecord;
}

/** The board over a state store. Route and probes may each have one of their own over the same store. */
export function createHeartbeatBoard(state: StateStore): HeartbeatBoard {
  const read = (target: string, nowMs: number): HeartbeatRecord =>
    parseRecord(state.get(nameOf(target))) ?? {
      waitingSinceMs: nowMs,
      lastMs: null,
      lastState: null,
      startedMs: null,
      durationMs: null,
      lookedMs: nowMs,
      deafMs: 0,
    };
  const write = (target: string, record: HeartbeatRecord) => state.set(nameOf(target), { ...record });
  return {
    beat(target, beatState, nowMs, durationMs) {
      const record = read(target, nowMs);
      if (beatState === 'start') return write(target, { ...record, startedMs: nowMs });
      const measuredMs = record.startedMs === null ? null : Math.max(0, nowMs - record.startedMs);
      write(target, {
        ...record,
        lastMs: nowMs,
        lastState: beatState,
        startedMs: null,
        durationMs: durationMs ?? measuredMs,
        lookedMs: nowMs,
        deafMs: 0,
      });
    },
    look(target, nowMs, gapMs) {
      const record = read(target, nowMs);
      const sinceMs = Math.max(0, nowMs - record.lookedMs);
      const deafMs = record.deafMs + (sinceMs > gapMs ? sinceMs : 0);
      const looked = { ...record, lookedMs: nowMs, deafMs };
      write(target, looked);
      return looked;
    },
  };
}

function nameOf(target: string): string {
  return `heartbeat/${target}`;
}

/** A record as an earlier process left it; undefined when it is none. */
function parseRecord(value: Json | undefined): HeartbeatRecord | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { waitingSinceMs, lastMs, lastState, startedMs, durationMs, lookedMs, deafMs } = value as Record<string, Json>;
  const time = (field: Json | undefined): field is number | null => field === null || typeof field === 'number';
  if (typeof waitingSinceMs !== 'number' || typeof lookedMs !== 'number' || typeof deafMs !== 'number')
    return undefined;
  if (!time(lastMs) || !time(startedMs) || !time(durationMs)) return undefined;
  if (lastState !== null && lastState !== 'ok' && lastState !== 'fail') return undefined;
  return { waitingSinceMs, lastMs, lastState, startedMs, durationMs, lookedMs, deafMs };
}
