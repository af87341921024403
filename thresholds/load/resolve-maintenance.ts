import type { z } from 'zod';
import type { MaintenanceDocument, recurring } from '../document/maintenance.ts';
import { CLOCK_TIME_PATTERN, WEEKDAYS } from '../maintenance.ts';
import type { MaintenanceWindow } from '../model.ts';
import { parseDurationMs } from '../units.ts';

/** The maintenance windows of a system or service. */
export function resolveMaintenance(document: MaintenanceDocument = []): MaintenanceWindow[] {
  return document.map((window) => {
    if (!('from' in window)) return resolveRecurring(window);
    return { kind: 'once', fromMs: Date.parse(window.from), toMs: Date.parse(window.to), note: window.note ?? '' };
  });
}

/** A window that comes back. */
export function resolveRecurring(window: z.infer<typeof recurring>): Extract<MaintenanceWindow, { kind: 'recurring' }> {
  const [, hours, minutes] = CLOCK_TIME_PATTERN.exec(window.at) ?? [];
  return {
    kind: 'recurring',
    weekdays: (window.days ?? WEEKDAYS).map((day) => WEEKDAYS.indexOf(day)),
    startMinute: Number(hours) * 60 + Number(minutes),
    durationMs: parseDurationMs(window.for),
    timezone: window.timezone ?? 'UTC',
    note: window.note ?? '',
  };
}
