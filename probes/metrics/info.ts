import type { Family, RunSample } from './series.ts';

/** A metric of value 1 that tells, in its labels, what the last judged run saw: `probe_tls_version_info{version="TLS 1.3"}`. */
export interface InfoDef {
  family: Family;
  /** Names of the labels beside those of the target; the same in every run. */
  labels: readonly string[];
  /** Their values, in that order; undefined to keep what was known. */
  read: (run: RunSample) => readonly string[] | undefined;
}

/** The info series of one target: at most one at a time. */
export interface InfoSlot {
  /** Values of the labels; null before anything was seen. */
  current: readonly string[] | null;
  /** What `current` was until this run changed it: that series ends now. Null when nothing changed. */
  ended: readonly string[] | null;
}

/** Longest value of a label that a peer chooses; a certificate may hold any text of any length. */
const MAX_VALUE_CHARACTERS = 256;

/** Slots for a layout's definitions; targets without any share one empty list. */
export function infoSlots(definitions: readonly InfoDef[]): readonly InfoSlot[] {
  return definitions.length === 0 ? NO_SLOTS : definitions.map(() => ({ current: null, ended: null }));
}

const NO_SLOTS: readonly InfoSlot[] = [];

/** Moves a slot by one run; null when the run was not judged. */
export function recordInfo(slot: InfoSlot, definition: InfoDef, run: RunSample | null): void {
  slot.ended = null;
  const seen = run === null ? undefined : definition.read(run)?.map((value) => value.slice(0, MAX_VALUE_CHARACTERS));
  if (seen === undefined || seen.every((value, index) => value === slot.current?.[index])) return;
  slot.ended = slot.current;
  slot.current = seen;
}

/** Takes what is known away; the series that stood for it was ended by whoever asks. */
export function forgetInfo(slot: InfoSlot): void {
  slot.current = null;
  slot.ended = null;
}
