import type { z } from 'zod';
import { CARD } from '../card.ts';
import type { operations } from '../document/operations.ts';
import type { muteTimes, receiver, routing } from '../document/receiver.ts';
import type { MuteTime, Operations, Receiver, Routing } from '../model.ts';
import { parseDurationMs } from '../units.ts';
import { resolveRecurring } from './resolve-maintenance.ts';

/** A system's routing with Alertmanager's own defaults. */
export function resolveRouting(document: z.infer<typeof routing> | undefined): Routing {
  const { groupBy, groupWaitMs, groupIntervalMs, repeatIntervalMs } = CARD.routing;
  const ms = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : parseDurationMs(text));
  return {
    receivers: document?.receivers ?? [],
    bySeverity: document?.bySeverity ?? {},
    escalation: document?.escalation ?? [],
    muteTimes: document?.muteTimes ?? {},
    groupBy: document?.groupBy ?? [...groupBy],
    groupWaitMs: ms(document?.groupWait, groupWaitMs),
    groupIntervalMs: ms(document?.groupInterval, groupIntervalMs),
    repeatIntervalMs: ms(document?.repeatInterval, repeatIntervalMs),
  };
}

/** How monitoring itself is looked after; without a word of the catalogue its alerts go nowhere by a route of their own. */
export function resolveOperations(document: z.infer<typeof operations> | undefined): Operations {
  const { team, runbookUrl, grafanaUrl, watchdogMs } = CARD.operations;
  const watchdog = document?.watchdog;
  return {
    team: document?.team ?? team,
    routing: resolveRouting(document?.routing),
    watchdog:
      watchdog === undefined
        ? null
        : {
            receiver: watchdog.receiver,
            everyMs: watchdog.every === undefined ? watchdogMs : parseDurationMs(watchdog.every),
          },
    runbookUrl: document?.runbookUrl ?? runbookUrl,
    grafanaUrl: (document?.grafanaUrl ?? grafanaUrl).replace(/\/+$/, ''),
  };
}

/** A receiver under its name. */
export function resolveReceiver(name: string, document: z.infer<typeof receiver>): Receiver {
  if (document.type !== 'email') return { name, ...document };
  return { name, ...document, username: document.username ?? null, password: document.password ?? null };
}

/** The named times in which alerts may be told nobody. */
export function resolveMuteTimes(document: z.infer<typeof muteTimes> = {}): MuteTime[] {
  return Object.entries(document).map(([name, windows]) => ({ name, windows: windows.map(resolveRecurring) }));
}
