import type { MaintenanceDocument } from '../document/maintenance.ts';
import { CLOCK_TIME_PATTERN, WEEKDAYS } from '../maintenance.ts';
import type { MaintenanceWindow } from '../model.ts';
import { parseDurationMs } from '../units.ts';

/** The maintenance windows of a system or service. */
export function resolveMaintenance(document: MaintenanceDocument = []): MaintenanceWindow[] {
  return document.map((window) => {
    const note = window.note ?? '';
    if ('from' in window) return { kind: 'once', fromMs: Date.parse(window.from), toMs: Date.parse(window.to), note };
    const [, hours, minutes] = CLOCK_TIME_PATTERN.exec(window.at) ?? [];
    return {
      kind: 'recurring',
      weekdays: (window.days ?? WEEKDAYS).map((day) => WEEKDAYS.indexOf(day)),
      startMinute: Number(hours) * 60 + Number(minutes),
      durationMs: parseDurationMs(window.for),
      timezone: window.timezone ?? 'UTC',
      note,
    };
  });
}
