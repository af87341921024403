import { LABEL, OPERATIONS_SYSTEM } from '../../../thresholds/names.ts';
import { quote, selector } from '../../promql/text.ts';
import type { ShownOn } from '../derived-alert.ts';

/** A metric of one program of the monitoring stack; scrape jobs label it as a service of monitoring itself. */
export function ofStack(metric: string, service: string): string {
  return selector(metric, [`${LABEL.system}=${quote(OPERATIONS_SYSTEM)}`, `${LABEL.service}=${quote(service)}`]);
}

/** Where alerts themselves can be watched. */
export const ON_DRILLS: ShownOn = { dashboard: 'Alert Drills', panel: 'Drilled alerts' };

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
