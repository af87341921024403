import type { z } from 'zod';
import type { alert } from '../document/alert.ts';
import type { Fault } from '../faults.ts';
import type { Alert, Place } from '../model.ts';
import { parseDurationMs, parseShare } from '../units.ts';
import { resolveCondition } from './resolve-condition.ts';

type AlertDocument = z.infer<typeof alert>;

/** An alert with its defaults. */
export function resolveAlert(document: AlertDocument, system: string, place: Place): Alert {
  return {
    name: document.name,
    system,
    severity: document.severity,
    forMs: optionalMs(document.for) ?? 0,
    keepFiringForMs: optionalMs(document.keepFiringFor) ?? 0,
    service: document.service ?? null,
    objective: document.objective,
    condition: resolveCondition(document.condition),
    summary: document.summary,
    description: document.description,
    runbook: {
      impact: document.runbook?.impact ?? null,
      checks: document.runbook?.checks ?? null,
      fix: document.runbook?.fix ?? null,
    },
    note: document.note ?? null,
    drill: typeof document.drill === 'object' ? document.drill : { mode: 'full', reason: '' },
    fault: document.fault === undefined ? null : resolveFault(document.fault),
    nearMiss: document.nearMiss === undefined ? null : resolveFault(document.nearMiss),
    consequences: document.consequences ?? [],
    place,
  };
}

function resolveFault(fault: NonNullable<AlertDocument['fault']>): Fault {
  return {
    service: fault.service,
    kind: fault.kind,
    ...(fault.delay === undefined ? {} : { delayMs: parseDurationMs(fault.delay) }),
    ...(fault.share === undefined ? {} : { share: parseShare(fault.share) }),
    ...(fault.metrics === undefined ? {} : { metrics: fault.metrics }),
    ...(fault.duration === undefined ? {} : { durationMs: parseDurationMs(fault.duration) }),
  };
}

function optionalMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}
