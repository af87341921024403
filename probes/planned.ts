import { maintenanceAt } from '../thresholds/maintenance.ts';
import type { MaintenanceWindow } from '../thresholds/model.ts';

/** Whether a window is open, asked at every run: looks at calendars only when something may have changed. */
export function watchMaintenance(windows: readonly MaintenanceWindow[]): (nowMs: number) => boolean {
  if (windows.length === 0) return () => false;
  let open = false;
  let sinceMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    // The wall clock may have been set back.
    if (nowMs >= untilMs || nowMs < sinceMs) {
      const found = maintenanceAt(windows, nowMs);
      open = found.open !== null;
      sinceMs = nowMs;
      untilMs = found.untilMs;
    }
    return open;
  };
}
