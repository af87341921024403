import type { InfoDef, InfoSlot } from '../metrics/info.ts';
import { headLabels, headScope, infoLabels, type LabelledTarget, tailLabels } from '../metrics/labels.ts';
import type { SeriesState } from '../metrics/registry.ts';
import { gauge, type SeriesDef } from '../metrics/series.ts';
import { STALE_MARKER } from './stale.ts';
import { encodeLabels, TIMESTAMP_BYTES, writeTimestamp, writeVarint } from './wire.ts';

/** Wire bytes of a Sample: tag and length, a double and a timestamp with a tag each. */
const SAMPLE_BYTES = 2 + 1 + 8 + 1 + TIMESTAMP_BYTES;

/**
 * Collects samples as one `prometheus.WriteRequest` (remote write 0.1.0) in a buffer of fixed size. Labels are encoded once, series
 * heads for all targets and tails for all series; a sample is then two copies and eighteen bytes. The general encoder costs
 * objects for each label of each sample, which at ten thousand targets is most of the process.
 */
export interface WriteRequestBuffer {
  /** Adds the samples of a target; false when they do not fit, with nothing added. `stale` writes the end of each series instead. */
  append(state: SeriesState, timestampMs: number, stale?: boolean): boolean;
  readonly samples: number;
  /** The request so far, and empties the buffer. The bytes are valid until the next `append`. */
  take(): Uint8Array;
}

/** A series of each target that is no plain number. */
export interface ExtraSeries {
  name: string;
  /** What follows the labels in its `prometheus.TimeSeries`; null where there is none. Asked again for a run when the buffer was full. */
  encode(state: SeriesState, timestampMs: number, stale: boolean): Uint8Array | null;
}

/** An empty buffer. */
export function createWriteRequestBuffer(
  capacityBytes = 1024 * 1024,
  extra: ExtraSeries | null = null,
): WriteRequestBuffer {
  const bytes = Buffer.allocUnsafe(capacityBytes);
  const heads = new Map<string, Map<SeriesDef, Uint8Array>>();
  const tails = new WeakMap<SeriesState, Uint8Array>();
  const infoHeads = infoCache();
  let length = 0;
  let samples = 0;

  /** Labels of a series with so many bytes to follow; false when they do not fit. */
  const beginSeries = (head: Uint8Array, tail: Uint8Array, bytesToFollow: number) => {
    const body = head.length + tail.length + bytesToFollow;
    // Tag, length of up to three bytes, body.
    if (length + body + 4 > capacityBytes) return false;
    bytes[length++] = 0x0a;
    length = writeVarint(bytes, length, body);
    bytes.set(head, length);
    length += head.length;
    bytes.set(tail, length);
    length += tail.length;
    samples += 1;
    return true;
  };
  const appendSeries = (head: Uint8Array, tail: Uint8Array, value: number, timestampMs: number, stale: boolean) => {
    if (!beginSeries(head, tail, SAMPLE_BYTES)) return false;
    bytes[length++] = 0x12;
    bytes[length++] = SAMPLE_BYTES - 2;
    bytes[length++] = 0x09;
    if (stale) bytes.set(STALE_MARKER, length);
    else bytes.writeDoubleLE(value, length);
    length += 8;
    bytes[length++] = 0x10;
    length = writeTimestamp(bytes, length, timestampMs);
    return true;
  };
  const extraDef: SeriesDef | null =
    extra === null ? null : gauge({ name: extra.name, type: 'histogram', help: '' }, () => 0);
  const appendExtra = (state: SeriesState, head: Uint8Array, tail: Uint8Array, timestampMs: number, stale: boolean) => {
    const value = extra?.encode(state, timestampMs, stale) ?? null;
    if (value === null) return true;
    if (!beginSeries(head, tail, value.length)) return false;
    bytes.set(value, length);
    length += value.length;
    return true;
  };

  /** The series that stand, and the end of those that this run replaced. */
  const appendInfos = ({ target, layout, infos }: SeriesState, timestampMs: number, stale: boolean) =>
    infos.every((slot, index) => {
      const definition = layout.infos[index] as InfoDef;
      if (slot.ended !== null) {
        const head = encodeInfo(target, definition, slot.ended);
        if (!appendSeries(head, NOTHING, 0, timestampMs, true)) return false;
      }
      const head = infoHeads(target, definition, slot);
      return head === null || appendSeries(head, NOTHING, 1, timestampMs, stale);
    });

  return {
    append(state, timestampMs, stale = false) {
      const { layout, values, target } = state;
      const startLength = length;
      const startSamples = samples;
      const tail = tails.get(state) ?? encodeLabels(tailLabels(target));
      tails.set(state, tail);
      const known = headsOf(heads, target);
      for (let slot = 0; slot < layout.series.length; slot += 1) {
        const value = values[slot] as number;
        if (Number.isNaN(value)) continue;
        const head = headFor(known, target, layout.series[slot] as SeriesDef);
        if (!appendSeries(head, tail, value, timestampMs, stale)) {
          length = startLength;
          samples = startSamples;
          return false;
        }
      }
      if (
        (state.infos.length === 0 || appendInfos(state, timestampMs, stale)) &&
        (extraDef === null ||
          target.id === '' ||
          appendExtra(state, headFor(known, target, extraDef), tail, timestampMs, stale))
      ) {
        return true;
      }
      length = startLength;
      samples = startSamples;
      return false;
    },
    get samples() {
      return samples;
    },
    take() {
      const request = bytes.subarray(0, length);
      length = 0;
      samples = 0;
      return request;
    },
  };
}

function headsOf(cache: Map<string, Map<SeriesDef, Uint8Array>>, target: LabelledTarget): Map<SeriesDef, Uint8Array> {
  const scope = headScope(target);
  const heads = cache.get(scope) ?? new Map<SeriesDef, Uint8Array>();
  cache.set(scope, heads);
  return heads;
}

function headFor(heads: Map<SeriesDef, Uint8Array>, target: LabelledTarget, series: SeriesDef): Uint8Array {
  let head = heads.get(series);
  if (head === undefined) {
    head = encodeLabels([['__name__', series.family.name + series.suffix], ...headLabels(target, series)]);
    heads.set(series, head);
  }
  return head;
}

/** Encoded label sets of info series, each made once for what a slot holds. */
function infoCache() {
  const cache = new WeakMap<InfoSlot, { values: readonly string[]; head: Uint8Array }>();
  return (target: LabelledTarget, definition: InfoDef, slot: InfoSlot): Uint8Array | null => {
    if (slot.current === null) return null;
    const known = cache.get(slot);
    if (known?.values === slot.current) return known.head;
    const head = encodeInfo(target, definition, slot.current);
    cache.set(slot, { values: slot.current, head });
    return head;
  };
}

function encodeInfo(target: LabelledTarget, definition: InfoDef, values: readonly string[]): Uint8Array {
  return encodeLabels([['__name__', definition.family.name], ...infoLabels(target, definition, values)]);
}

const NOTHING = new Uint8Array(0);
