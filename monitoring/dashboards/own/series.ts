import { selector } from '../../promql/text.ts';
import { FOLLOWS } from '../metrics.ts';

/** Series of any system, following the variables of the dashboard. */
export function series(name: string, where: readonly string[] = []): string {
  return selector(name, [...FOLLOWS.all, ...where]);
}

/** Rates of a counter, summed over all but these labels. */
export function ratesBy(by: readonly string[], counter: string, where: readonly string[] = []): string {
  return `sum by (${by.join(', ')}) (rate(${series(counter, where)}[$__rate_interval]))`;
}

/** A quantile of a classic histogram, apart by these labels. */
export function quantileBy(q: number, by: readonly string[], histogram: string): string {
  return `histogram_quantile(${q}, ${ratesBy(['le', ...by], `${histogram}_bucket`)})`;
}
