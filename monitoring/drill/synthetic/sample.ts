import type { Segment } from '../../audit/witness/types.ts';

/** What a series does at one of its sample times. */
export type SampleKind = 'stale' | number;

/**
 * The samples of a series, by number from 0 to `last`: at sample n the witness time is n times `intervalMs`. The same that promtool's notation
 * says (series-text.ts): a piece without value begins with a stale marker, unless nothing came before it.
 */
export function* samplesOf(
  segments: readonly Segment[],
  intervalMs: number,
  last: number,
): Generator<readonly [index: number, sample: SampleKind]> {
  for (const [position, segment] of segments.entries()) {
    const from = Math.max(0, Math.ceil(segment.fromMs / intervalMs));
    const next = segments[position + 1]?.fromMs;
    const to = Math.min(last, next === undefined ? last : Math.ceil(next / intervalMs) - 1);
    if (segment.value === null) {
      if (from > 0 && to >= from) yield [from, 'stale'];
      continue;
    }
    for (let index = from; index <= to; index += 1) {
      const value = valueAt(segment, segment.value, index, intervalMs);
      if (value !== null) yield [index, value];
    }
  }
}

function valueAt(segment: Segment, start: number, index: number, intervalMs: number): number | null {
  const { slopePerSecond, fromMs, toggle, everySamples } = segment;
  if (everySamples !== undefined && everySamples > 1 && index % everySamples !== 0) return null;
  const base = start + (slopePerSecond * (index * intervalMs - fromMs)) / 1_000;
  const up = toggle !== undefined && Math.floor(index / toggle.everySamples) % 2 === 1;
  return Number((up ? base + toggle.by : base).toPrecision(15));
}

/** Samples in promtool's notation, such as `1 1 _ stale`; equal neighbours are folded. */
export function samplesText(segments: readonly Segment[], intervalMs: number, last: number): string {
  const words: string[] = [];
  let done = 0;
  let run: { text: string; count: number } | null = null;
  const push = (text: string) => {
    if (run?.text === text) run.count += 1;
    else {
      flush();
      run = { text, count: 1 };
    }
  };
  const flush = () => {
    if (run === null) return;
    const { text, count } = run;
    if (text === '_') words.push(count === 1 ? '_' : `_x${count}`);
    else if (text === 'stale') words.push(...Array.from({ length: count }, () => 'stale'));
    else words.push(count === 1 ? text : `${text}x${count - 1}`);
    run = null;
  };
  for (const [index, sample] of samplesOf(segments, intervalMs, last)) {
    for (; done < index; done += 1) push('_');
    push(sample === 'stale' ? 'stale' : digits(sample));
    done = index + 1;
  }
  flush();
  return words.join(' ');
}

/** Digits only: promtool's notation has no room for exponents. */
function digits(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  if (Math.abs(value) >= 1) return BigInt(Math.round(value)).toString();
  return value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '');
}
