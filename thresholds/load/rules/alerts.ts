import type { CatalogueDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';

type Alert = NonNullable<CatalogueDocument['alerts']>[number];

/** Alerts: what they name exists, what they are derived from is declared, and a full drill has a fault to inject. */
export function checkAlerts(context: MeaningContext): void {
  const { document, pruned } = context.file;
  const services = document.services ?? [];
  const names = services.map((service) => service.id);
  const alerts = context.all.flatMap((file) => (file.document.alerts ?? []).map((alert) => alert.name));
  for (const [index, alert] of (document.alerts ?? []).entries()) {
    const path: Path = ['alerts', index];
    if (!pruned) {
      reference(context, [...path, 'service'], alert.service, names, 'service of this system');
      reference(context, [...path, 'fault', 'service'], alert.fault?.service, names, 'service of this system');
      reference(context, [...path, 'nearMiss', 'service'], alert.nearMiss?.service, names, 'service of this system');
      checkSignals(context, path, alert);
    }
    for (const [at, name] of (alert.consequences ?? []).entries()) {
      if (!context.all.some((file) => file.pruned)) {
        reference(context, [...path, 'consequences', at], name, alerts, 'alert of the catalogue');
      }
    }
    checkFault(context, [...path, 'fault'], alert.fault);
    checkFault(context, [...path, 'nearMiss'], alert.nearMiss);
    if ((alert.drill ?? 'full') === 'full' && alert.fault === undefined && !pruned) {
      context.report(
        [...path, 'name'],
        'a full drill needs a fault that makes the alert fire',
        'add fault:, or drill: { mode: excluded, reason: ... }',
      );
    }
  }
}

function checkSignals(context: MeaningContext, path: Path, alert: Alert): void {
  const services = (context.file.document.services ?? []).filter(
    (service) => alert.service === undefined || service.id === alert.service,
  );
  const declared = services.flatMap((service) => (service.metrics ?? []).map((metric) => metric.name));
  const { condition } = alert;
  if (condition.kind === 'errors-seen' || (condition.kind === 'latency-quantile' && condition.metric !== undefined)) {
    reference(
      context,
      [...path, 'condition', 'metric'],
      condition.metric,
      declared,
      'metric that the service declares',
    );
    return;
  }
  const signal =
    condition.kind === 'latency-quantile' ? 'duration' : condition.kind === 'error-share' ? 'requests' : undefined;
  if (signal !== undefined && !services.some((service) => service.signals?.[signal] !== undefined)) {
    context.report(
      [...path, 'condition'],
      `${condition.kind} needs a service with signals.${signal}`,
      `declare signals: { ${signal}: { metric: ... } } for the service`,
      { part: 'key' },
    );
  }
}

function checkFault(context: MeaningContext, path: Path, fault: Alert['fault']): void {
  if (fault === undefined) return;
  if ((fault.kind === 'slow' || fault.kind === 'slow-first-token') && fault.delay === undefined) {
    context.report([...path, 'kind'], `the fault ${fault.kind} needs a delay`, 'add delay: 700ms');
  }
}

function reference(
  context: MeaningContext,
  path: Path,
  name: string | undefined,
  known: readonly string[],
  what: string,
): void {
  if (name === undefined || known.includes(name)) return;
  const near = suggest(name, known);
  context.report(
    path,
    `${name} is not a ${what}`,
    near ? `did you mean ${near}?` : `use one of ${[...new Set(known)].join(', ')}`,
  );
}
