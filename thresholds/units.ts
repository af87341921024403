const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration as Prometheus writes it, with a fraction allowed: `500ms`, `1.5s`, `5m`. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** A share as people write it: `99%` or `99.9 %`. */
export const PERCENT_PATTERN = /^(\d+(?:\.\d+)?)\s?%$/;

/**
 * Milliseconds of a duration such as `500ms` or `5m`.
 * @throws RangeError when the text is not a duration.
 */
export function parseDurationMs(text: string): number {
  const match = DURATION_PATTERN.exec(text);
  const factor = MS_PER_UNIT[match?.[2] ?? ''];
  if (match === null || factor === undefined) throw new RangeError(`not a duration: ${JSON.stringify(text)}`);
  return Number(match[1]) * factor;
}

/** Decimal and binary units, as people write them. */
const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/**
 * Bytes of a size such as `500MB` or `1GiB`; a bare number is bytes.
 * @throws RangeError when the text is not a size above 0.
 */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([kKMGT]i?B|B)?$/.exec(text);
  const factor = BYTES_PER_UNIT[match?.[2] ?? 'B'];
  const bytes = Math.round(Number(match?.[1]) * (factor ?? Number.NaN));
  if (!(bytes > 0)) throw new RangeError(`not a size: ${JSON.stringify(text)}`);
  return bytes;
}

/**
 * Share (0 to 1) of a percentage such as `99%`.
 * @throws RangeError when the text is not a percentage.
 */
export function parseShare(text: string): number {
  const match = PERCENT_PATTERN.exec(text);
  if (match === null) throw new RangeError(`not a percentage: ${JSON.stringify(text)}`);
  // Dividing the decimal text's value by 100 gives 0.99 for "99" and 0.999 for "99.9": no binary residue to print later.
  return Number((Number(match[1]) / 100).toPrecision(12));
}

/** A duration in Prometheus's own syntax, whole milliseconds, in the largest unit that divides it: 90000 gives `90s`. */
export function formatPrometheusDuration(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  const unit = ['w', 'd', 'h', 'm', 's'].find((name) => whole % (MS_PER_UNIT[name] ?? 1) === 0);
  return unit === undefined ? `${whole}ms` : `${whole / (MS_PER_UNIT[unit] ?? 1)}${unit}`;
}

/** A duration for people, three significant digits at most: `612 ms`, `1.52 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 100_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A share for people: 0.113 gives `11.3 %`, 0.9995 gives `99.95 %`. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

/** A whole number with thousands separators: 48210 gives `48,210`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
