import { LABEL } from '../../thresholds/names.ts';

/** The labels that every derived rule keeps on its result, so that routes, inhibition and the drill can tell systems apart. */
export const IDENTITY_LABELS: readonly string[] = [LABEL.system, LABEL.service, LABEL.environment];

/** A PromQL string literal. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A value taken literally inside a regular expression of a matcher. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Joins label matchers into a selector's braces; empty ones are left out. */
export function selector(metric: string, matchers: readonly string[]): string {
  return `${metric}{${matchers.filter((matcher) => matcher.trim() !== '').join(',')}}`;
}

/** Matches the bucket that ends at a bound. Prometheus 3 writes a whole number as `5.0`, earlier ones as `5`. */
export function bucketMatcher(bound: number): string {
  return Number.isInteger(bound) ? `le=~"${bound}([.]0)?"` : `le="${bound}"`;
}

/** `sum by (...)` over the identity labels and further ones. */
export function sumBy(labels: readonly string[], inner: string): string {
  return aggregateBy('sum', labels, inner);
}

/** An aggregation over the identity labels and further ones. */
export function aggregateBy(operator: 'sum' | 'min' | 'max', labels: readonly string[], inner: string): string {
  return `${operator} by (${[...labels, ...IDENTITY_LABELS].join(', ')}) (${inner})`;
}
