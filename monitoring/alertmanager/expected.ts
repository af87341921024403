import type { Catalogue, Routing } from '../../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM, WATCHDOG_ALERT } from '../../thresholds/names.ts';

/** What routing reads of an alert. */
export interface RoutedAlert {
  name: string;
  system: string;
  /** A `Severity`, or that of another rule file. */
  severity: string;
  /** Labels that its rule adds. */
  labels: Readonly<Record<string, string>>;
}

/**
 * The receivers of an alert by the word of the catalogue, sorted: what drills and route tests expect. It reads no route, so that it
 * can say that the routes are wrong.
 */
export function receiversOfAlert(catalogue: Catalogue, { name, system, severity, labels }: RoutedAlert): string[] {
  const { operations } = catalogue;
  if (operations.watchdog !== null && isWatchdog({ name, system })) return [operations.watchdog.receiver];
  const own = routingOf(catalogue, system);
  if (own === null) return defaultReceiver(catalogue);
  if (labels[LABEL.escalation] === 'true') {
    const named = own.escalation.length > 0 ? own.escalation : operations.routing.escalation;
    if (named.length > 0) return sorted(named);
  }
  return sorted(own.bySeverity[severity as keyof Routing['bySeverity']] ?? own.receivers);
}

/** The labels by which the notifications of an alert are grouped, by the word of the catalogue. */
export function groupingOfAlert(catalogue: Catalogue, alert: Pick<RoutedAlert, 'name' | 'system'>): string[] {
  if (catalogue.operations.watchdog !== null && isWatchdog(alert)) return [LABEL.alertname];
  return routingOf(catalogue, alert.system)?.groupBy ?? DEFAULT_GROUPING;
}

/** How alerts are grouped that no route is for. */
export const DEFAULT_GROUPING: string[] = [LABEL.alertname, LABEL.system];

/** Who hears of alerts that no route is for: the first receiver of monitoring itself, else that of the first system. Empty: nobody is named at all. */
export function defaultReceiver({ operations, systems }: Catalogue): string[] {
  const all = [operations.routing, ...systems.map(({ routing }) => routing)];
  return all.flatMap(({ receivers }) => receivers).slice(0, 1);
}

function isWatchdog({ name, system }: Pick<RoutedAlert, 'name' | 'system'>): boolean {
  return system === OPERATIONS_SYSTEM && name === WATCHDOG_ALERT;
}

/** Null where nobody is named. */
function routingOf({ systems, operations }: Catalogue, system: string): Routing | null {
  const all = [...systems, { id: OPERATIONS_SYSTEM, routing: operations.routing }];
  const routing = all.find(({ id }) => id === system)?.routing;
  return routing === undefined || routing.receivers.length === 0 ? null : routing;
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
