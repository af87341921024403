import { quoteString } from '../../promql/literals.ts';
import type { Segment, WitnessSeries } from './types.ts';

/** A series as promtool's tests name it: `up{job="api"}`. */
export function seriesName({ labels }: Pick<WitnessSeries, 'labels'>): string {
  const { __name__: name = '', ...rest } = labels;
  const plain = /^[a-zA-Z_:][\w:]*$/.test(name);
  const all = Object.entries(plain ? rest : labels)
    .filter(([label]) => plain || label !== '__name__' || name !== '')
    .map(([label, value]) => `${/^[a-zA-Z_]\w*$/.test(label) ? label : quoteString(label)}=${quoteString(value)}`);
  if (!plain) return `{${all.join(', ')}}`;
  return all.length === 0 ? name : `${name}{${all.join(', ')}}`;
}

/** The samples from 0 to `endMs` in promtool's notation, such as `0+15x40` or `1x10 stale _x4`. */
export function seriesValues(segments: readonly Segment[], intervalMs: number, endMs: number): string {
  const last = Math.floor(endMs / intervalMs);
  const words: string[] = [];
  segments.forEach((segment, index) => {
    const from = Math.max(0, Math.ceil(segment.fromMs / intervalMs));
    const next = segments[index + 1]?.fromMs;
    const to = Math.min(last, next === undefined ? last : Math.ceil(next / intervalMs) - 1);
    if (to < from) return;
    words.push(...piece(segment, from, to, intervalMs));
  });
  return words.join(' ');
}

function piece(segment: Segment, from: number, to: number, intervalMs: number): string[] {
  const { value, slopePerSecond, toggle, everySamples } = segment;
  const more = to - from;
  if (value === null) {
    const rest = from === 0 ? more + 1 : more;
    return [...(from === 0 ? [] : ['stale']), ...(rest > 0 ? [`_x${rest}`] : [])];
  }
  const at = (sample: number) => value + (slopePerSecond * (sample * intervalMs - segment.fromMs)) / 1_000;
  if (toggle !== undefined) {
    const up = (sample: number) => Math.floor(sample / toggle.everySamples) % 2 === 1;
    return Array.from({ length: more + 1 }, (_, index) =>
      number(at(from + index) + (up(from + index) ? toggle.by : 0)),
    );
  }
  if (everySamples !== undefined && everySamples > 1) {
    return Array.from({ length: more + 1 }, (_, index) =>
      (from + index) % everySamples === 0 ? number(at(from + index)) : '_',
    );
  }
  const step = (slopePerSecond * intervalMs) / 1_000;
  if (more === 0) return [number(at(from))];
  if (step === 0) return [`${number(value)}x${more}`];
  return [`${number(at(from))}${step < 0 ? '-' : '+'}${number(Math.abs(step))}x${more}`];
}

/** Digits only: promtool's notation has no room for exponents beside its own signs. */
function number(value: number): string {
  const tidy = Number(value.toPrecision(15));
  const text = String(tidy);
  if (!text.includes('e')) return text;
  return Math.abs(tidy) >= 1
    ? BigInt(Math.round(tidy)).toString()
    : tidy.toFixed(20).replace(/0+$/, '').replace(/\.$/, '');
}
