import type { Catalogue, Severity } from '../../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM, WATCHDOG_ALERT } from '../../thresholds/names.ts';

/** What routing reads of an alert. */
export interface RoutedAlert {
  name: string;
  system: string;
  severity: Severity;
  /** Labels that its rule adds. */
  labels: Readonly<Record<string, string>>;
}

/**
 * The receivers of an alert by the word of the catalogue, sorted: what drills and route tests expect. It reads no route, so that it
 * can say that the routes are wrong.
 */
export function receiversOfAlert(catalogue: Catalogue, { name, system, severity, labels }: RoutedAlert): string[] {
  const { operations } = catalogue;
  const isOperations = system === OPERATIONS_SYSTEM;
  if (isOperations && name === WATCHDOG_ALERT && operations.watchdog !== null) return [operations.watchdog.receiver];
  const own = isOperations ? operations.routing : catalogue.systems.find(({ id }) => id === system)?.routing;
  if (own === undefined || own.receivers.length === 0) return defaultReceiver(catalogue);
  if (labels[LABEL.escalation] === 'true') {
    const named = own.escalation.length > 0 ? own.escalation : operations.routing.escalation;
    if (named.length > 0) return sorted(named);
  }
  return sorted(own.bySeverity[severity] ?? own.receivers);
}

/** Who hears of alerts that no route is for: the first receiver of monitoring itself, else that of the first system. Empty: nobody is named at all. */
export function defaultReceiver({ operations, systems }: Catalogue): string[] {
  const all = [operations.routing, ...systems.map(({ routing }) => routing)];
  return all.flatMap(({ receivers }) => receivers).slice(0, 1);
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
