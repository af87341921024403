import type { z } from 'zod';
import { CARD } from '../card.ts';
import type { alert } from '../document/alert.ts';
import type { operations } from '../document/operations.ts';
import type { receiver, routing } from '../document/receiver.ts';
import type { Fault } from '../faults.ts';
import type { Alert, Condition, Operations, Place, Receiver, Routing } from '../model.ts';
import { parseDurationMs, parseShare } from '../units.ts';

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
    note: document.note ?? null,
    drill: typeof document.drill === 'object' ? document.drill : { mode: 'full', reason: '' },
    fault: document.fault === undefined ? null : resolveFault(document.fault),
    nearMiss: document.nearMiss === undefined ? null : resolveFault(document.nearMiss),
    consequences: document.consequences ?? [],
    place,
  };
}

function resolveCondition(condition: AlertDocument['condition']): Condition {
  switch (condition.kind) {
    case 'target-down':
      return condition;
    case 'latency-quantile':
      return {
        kind: condition.kind,
        quantile: parseShare(condition.quantile ?? '95%'),
        aboveMs: parseDurationMs(condition.above),
        windowMs: optionalMs(condition.window) ?? CARD.alertWindowMs,
        metric: condition.metric ?? null,
        where: condition.where ?? '',
      };
    case 'error-share':
      return {
        kind: condition.kind,
        above: parseShare(condition.above),
        windowMs: optionalMs(condition.window) ?? CARD.alertWindowMs,
        where: condition.where ?? '',
      };
    case 'errors-seen':
      return { ...condition, windowMs: optionalMs(condition.window) ?? CARD.alertWindowMs };
  }
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

/** A system's routing with Alertmanager's own defaults. */
export function resolveRouting(document: z.infer<typeof routing> | undefined): Routing {
  const { groupBy, groupWaitMs, groupIntervalMs, repeatIntervalMs } = CARD.routing;
  return {
    receivers: document?.receivers ?? [],
    bySeverity: document?.bySeverity ?? {},
    groupBy: document?.groupBy ?? [...groupBy],
    groupWaitMs: optionalMs(document?.groupWait) ?? groupWaitMs,
    groupIntervalMs: optionalMs(document?.groupInterval) ?? groupIntervalMs,
    repeatIntervalMs: optionalMs(document?.repeatInterval) ?? repeatIntervalMs,
  };
}

/** How monitoring itself is looked after; without a word of the catalogue its alerts go nowhere by a route of their own. */
export function resolveOperations(document: z.infer<typeof operations> | undefined): Operations {
  const { team, runbookUrl, grafanaUrl } = CARD.operations;
  return {
    team: document?.team ?? team,
    routing: resolveRouting(document?.routing),
    runbookUrl: document?.runbookUrl ?? runbookUrl,
    grafanaUrl: (document?.grafanaUrl ?? grafanaUrl).replace(/\/+$/, ''),
  };
}

/** A receiver under its name. */
export function resolveReceiver(name: string, document: z.infer<typeof receiver>): Receiver {
  if (document.type !== 'email') return { name, ...document };
  return { name, ...document, username: document.username ?? null, password: document.password ?? null };
}

function optionalMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}
