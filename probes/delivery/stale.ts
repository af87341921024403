/** Bits of the NaN by which Prometheus marks the end of a series (model/value/value.go, StaleNaN), least significant byte first. */
export const STALE_MARKER = Buffer.from([0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f]);
