import protobuf from 'protobufjs/minimal.js';
import type { InfoDef, InfoSlot } from '../metrics/info.ts';
import { headLabels, headScope, infoLabels, type LabelledTarget, tailLabels } from '../metrics/labels.ts';
import type { TargetSeries } from '../metrics/registry.ts';
import type { SeriesDef } from '../metrics/series.ts';

/** Bits of the NaN by which Prometheus marks the end of a series (model/value/value.go, StaleNaN), least significant byte first. */
const STALE_MARKER = Buffer.from([0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f]);

/** Six groups of seven bits hold Unix milliseconds until the year 2109. */
const TIMESTAMP_BYTES = 6;

/** Wire bytes of a Sample: tag and length, a double and a timestamp with a tag each. */
const SAMPLE_BYTES = 2 + 1 + 8 + 1 + TIMESTAMP_BYTES;

/**
 * Collects samples as one `prometheus.WriteRequest` (remote write 0.1.0) in a buffer of fixed size. Labels are encoded once, series
 * heads for all targets and tails for all series; a sample is then two copies and eighteen bytes. The general encoder costs
 * objects for each label of each sample, which at ten thousand targets is most of the process.
 */
export interface WriteRequestBuffer {
  /** Adds the samples of a target; false when they do not fit, with nothing added. `stale` writes the end of each series instead. */
  append(state: TargetSeries, timestampMs: number, stale?: boolean): boolean;
  readonly samples: number;
  /** The request so far, and empties the buffer. The bytes are valid until the next `append`. */
  take(): Uint8Array;
}

/** An empty buffer. */
export function createWriteRequestBuffer(capacityBytes = 1024 * 1024): WriteRequestBuffer {
  const bytes = Buffer.allocUnsafe(capacityBytes);
  const heads = new Map<string, Map<SeriesDef, Uint8Array>>();
  const tails = new WeakMap<TargetSeries, Uint8Array>();
  const infoHeads = infoCache();
  let length = 0;
  let samples = 0;

  const appendSeries = (head: Uint8Array, tail: Uint8Array, value: number, timestampMs: number, stale: boolean) => {
    const body = head.length + tail.length + SAMPLE_BYTES;
    // Tag, length of up to three bytes, body.
    if (length + body + 4 > capacityBytes) return false;
    bytes[length++] = 0x0a;
    length = writeVarint(bytes, length, body);
    bytes.set(head, length);
    length += head.length;
    bytes.set(tail, length);
    length += tail.length;
    bytes[length++] = 0x12;
    bytes[length++] = SAMPLE_BYTES - 2;
    bytes[length++] = 0x09;
    if (stale) bytes.set(STALE_MARKER, length);
    else bytes.writeDoubleLE(value, length);
    length += 8;
    bytes[length++] = 0x10;
    length = writeTimestamp(bytes, length, timestampMs);
    samples += 1;
    return true;
  };

  /** The series that stand, and the end of those that this run replaced. */
  const appendInfos = ({ target, layout, infos }: TargetSeries, timestampMs: number, stale: boolean) =>
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
      if (state.infos.length === 0 || appendInfos(state, timestampMs, stale)) return true;
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

/** Labels as fields of a `prometheus.TimeSeries`: field 1 each, holding name (1) and value (2). */
function encodeLabels(labels: readonly (readonly [string, string])[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [name, value] of labels) {
    writer.uint32(0x0a).fork().uint32(0x0a).string(name).uint32(0x12).string(value).ldelim();
  }
  return writer.finish();
}

function writeVarint(bytes: Buffer, offset: number, value: number): number {
  let rest = value;
  let at = offset;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** A varint of fixed length: shorter numbers are padded with zero groups, which every decoder takes. */
function writeTimestamp(bytes: Buffer, offset: number, timestampMs: number): number {
  let rest = Math.max(0, Math.floor(timestampMs));
  for (let at = 0; at < TIMESTAMP_BYTES; at += 1) {
    bytes[offset + at] = (rest % 128) | (at < TIMESTAMP_BYTES - 1 ? 0x80 : 0);
    rest = Math.floor(rest / 128);
  }
  return offset + TIMESTAMP_BYTES;
}
