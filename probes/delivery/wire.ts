import protobuf from 'protobufjs/minimal.js';

/** Six groups of seven bits hold Unix milliseconds until the year 2109. */
export const TIMESTAMP_BYTES = 6;

/** Labels as fields of a `prometheus.TimeSeries`: field 1 each, holding name (1) and value (2). */
export function encodeLabels(labels: readonly (readonly [string, string])[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [name, value] of labels) {
    writer.uint32(0x0a).fork().uint32(0x0a).string(name).uint32(0x12).string(value).ldelim();
  }
  return writer.finish();
}

/** A number of up to 31 bits; returns the offset after it. */
export function writeVarint(bytes: Buffer, offset: number, value: number): number {
  let rest = value;
  let at = offset;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** A varint of fixed length: shorter numbers are padded with zero groups, which every decoder takes. */
export function writeTimestamp(bytes: Buffer, offset: number, timestampMs: number): number {
  let rest = Math.max(0, Math.floor(timestampMs));
  for (let at = 0; at < TIMESTAMP_BYTES; at += 1) {
    bytes[offset + at] = (rest % 128) | (at < TIMESTAMP_BYTES - 1 ? 0x80 : 0);
    rest = Math.floor(rest / 128);
  }
  return offset + TIMESTAMP_BYTES;
}
