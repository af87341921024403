import { MetricSet } from '../metrics/metric-set.ts';
import type { ServiceState } from '../service-state.ts';
import { answer, type ReadyAnswer } from './answer.ts';

/** The page that Prometheus reads. */
export async function scrapePage(state: ServiceState): Promise<ReadyAnswer> {
  state.stats.scrapes += 1;
  return answer(200, await state.metrics.page(state.effects.hiddenMetrics), ['content-type', MetricSet.contentType]);
}
