import { escapeRegExp } from '../promql/text.ts';

/** The value of a variable: one text, several, or everything, which is written as `allValue` says. */
export type VariableValue = string | readonly string[] | { all: string };

/** A dashboard's variables and the times that Grafana fills in, milliseconds. */
export interface Interpolation {
  values: ReadonlyMap<string, VariableValue>;
  stepMs: number;
  scrapeIntervalMs: number;
  rangeMs: number;
}

/** `$name`, `${name}` or `${name:format}`, as Grafana reads it. */
const REFERENCE = /\$(?:(\w+)|\{(\w+)(?::[^}]*)?\})/g;

/**
 * A query with its variables filled in the way Grafana's Prometheus data source does it: one value as it is (escaped for a regular
 * expression), several as `(a|b)`, everything as the variable's `allValue`. A reference to an unknown variable stays, as there.
 */
export function interpolate(text: string, around: Interpolation): string {
  const times = builtIn(around);
  return text.replaceAll(REFERENCE, (reference, plain: string | undefined, braced: string | undefined) => {
    const name = plain ?? braced ?? '';
    const value = around.values.get(name);
    return times[name] ?? (value === undefined ? reference : valueText(value));
  });
}

/** The names of the references that {@link interpolate} would not fill in. */
export function unresolved(text: string, around: Interpolation): string[] {
  return [...interpolate(text, around).matchAll(REFERENCE)].map(([reference]) => reference);
}

function valueText(value: VariableValue): string {
  if (typeof value === 'string') return value;
  if ('all' in value) return value.all;
  const escaped = value.map((one) => escapeRegExp(one).replaceAll('\\', '\\\\'));
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

/** `$__rate_interval` spans four scrapes at least, so that a missed one leaves a rate. */
function builtIn({ stepMs, scrapeIntervalMs, rangeMs }: Interpolation): Readonly<Record<string, string>> {
  return {
    __interval: duration(stepMs),
    __interval_ms: String(stepMs),
    __rate_interval: duration(Math.max(stepMs + scrapeIntervalMs, 4 * scrapeIntervalMs)),
    __range: duration(Math.max(rangeMs, 1_000)),
    __range_ms: String(rangeMs),
    __range_s: String(Math.round(rangeMs / 1_000)),
  };
}

/** Whole milliseconds: Prometheus takes no fractions. */
function duration(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${Math.round(ms)}ms`;
}
