import type { Segment } from '../types.ts';

/** A piece of a signal while it is being solved. */
export interface Piece {
  readonly fromMs: number;
  /** Value at `fromMs`; null where the series has no samples. */
  readonly value: number | null;
  readonly slope: number;
  /** Every `everyMs`, in turn, this is added. */
  readonly toggle?: { readonly by: number; readonly everyMs: number };
  /** Samples only at multiples of this. */
  readonly sparseMs?: number;
}

/** What one series does over time: pieces in order, the first from minus infinity. Immutable. */
export type Signal = readonly [Piece, ...Piece[]];

export function constant(value: number): Signal {
  return [{ fromMs: 0, value, slope: 0 }];
}

export function line(value: number, slope: number, atMs = 0): Signal {
  return [{ fromMs: 0, value: value - (slope * atMs) / 1_000, slope }];
}

/** The value at a moment, were there a sample; null in a gap. */
export function valueAt(signal: Signal, tMs: number): number | null {
  const piece = pieceAt(signal, tMs);
  if (piece.value === null) return null;
  const base = piece.value + (piece.slope * (tMs - piece.fromMs)) / 1_000;
  if (piece.toggle === undefined) return base;
  return Math.floor(tMs / piece.toggle.everyMs) % 2 === 0 ? base : base + piece.toggle.by;
}

export function pieceAt(signal: Signal, tMs: number): Piece {
  let found = signal[0];
  for (const piece of signal) {
    if (piece.fromMs > tMs) break;
    found = piece;
  }
  return found;
}

/** Replaces what happens from `fromMs` until `toMs`; what follows goes on as before. */
export function withRegion(signal: Signal, fromMs: number, toMs: number, piece: Omit<Piece, 'fromMs'>): Signal {
  const start = Math.max(0, fromMs);
  // It lies before the test begins.
  if (toMs < start) return signal;
  const before = signal.filter(({ fromMs: from }) => from < start);
  const after = signal.filter(({ fromMs: from }) => from > toMs);
  const next = pieceAt(signal, toMs);
  const resumed: Piece[] =
    toMs === Infinity ? [] : [{ ...next, fromMs: toMs + 1, value: next.value === null ? null : at(next, toMs + 1) }];
  const [first, ...rest] = [...before, { ...piece, fromMs: start }, ...resumed, ...after];
  return [first ?? { ...piece, fromMs: 0 }, ...rest];
}

function at(piece: Piece, tMs: number): number {
  return (piece.value ?? 0) + (piece.slope * (tMs - piece.fromMs)) / 1_000;
}

/** The pieces moved so that each begins where the one before it ended: a counter. */
export function continuous(signal: Signal): Signal {
  const [first, ...rest] = signal;
  const result: [Piece, ...Piece[]] = [first];
  for (const piece of rest) {
    const before = result.at(-1) ?? first;
    const value = piece.value === null ? null : before.value === null ? piece.value : at(before, piece.fromMs);
    result.push({ ...piece, value });
  }
  return result;
}

/** The signal as it is handed out; a toggle or sparse samples keep their period in samples. */
export function toSegments(signal: Signal, intervalMs: number): Segment[] {
  return signal.map(({ fromMs, value, slope, toggle, sparseMs }) => ({
    fromMs,
    value,
    slopePerSecond: slope,
    ...(toggle === undefined
      ? {}
      : { toggle: { by: toggle.by, everySamples: Math.max(1, Math.round(toggle.everyMs / intervalMs)) } }),
    ...(sparseMs === undefined ? {} : { everySamples: Math.max(1, Math.round(sparseMs / intervalMs)) }),
  }));
}
