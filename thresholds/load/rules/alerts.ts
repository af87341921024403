import type { CatalogueDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { checkCondition } from './conditions.ts';
import { reference } from './reference.ts';

type Alert = NonNullable<CatalogueDocument['alerts']>[number];

/** Alerts: what they name exists, what they are derived from is declared, and their faults make sense. */
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
      checkCondition(context, [...path, 'condition'], alert);
    }
    for (const [at, name] of (alert.consequences ?? []).entries()) {
      if (!context.all.some((file) => file.pruned)) {
        reference(context, [...path, 'consequences', at], name, alerts, 'alert of the catalogue');
      }
    }
    checkFault(context, [...path, 'fault'], alert.fault);
    checkFault(context, [...path, 'nearMiss'], alert.nearMiss);
    if (alert.nearMiss !== undefined && alert.fault === undefined) {
      context.report([...path, 'nearMiss'], 'a near miss without a fault proves nothing', 'add fault:', {
        part: 'key',
      });
    }
  }
}

function checkFault(context: MeaningContext, path: Path, fault: Alert['fault']): void {
  if (fault === undefined) return;
  if ((fault.kind === 'slow' || fault.kind === 'slow-first-token') && fault.delay === undefined) {
    context.report([...path, 'kind'], `the fault ${fault.kind} needs a delay`, 'add delay: 700ms');
  }
}
