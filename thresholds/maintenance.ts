import type { MaintenanceWindow } from './model.ts';

/** As they stand in a catalogue; the index is that of Date's getUTCDay. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** A time of day: `02:30`. */
export const CLOCK_TIME_PATTERN = /^([01]\d|2[0-3]):([0-5]\d)$/;

const DAY_MS = 86_400_000;

/** Whether the platform knows a time zone. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * What is planned at a moment: the window that is open (null for none), and until when that is so, in Unix milliseconds. Until then
 * nobody need ask again. A recurring window begins when its time zone's clocks show its time: a time that a change to summer time
 * leaves out comes as much later as the change is, and of a time that comes twice the first one counts.
 */
export function maintenanceAt(
  windows: readonly MaintenanceWindow[],
  nowMs: number,
): { open: MaintenanceWindow | null; untilMs: number } {
  let open: MaintenanceWindow | null = null;
  let closesMs = 0;
  let nextMs = Number.POSITIVE_INFINITY;
  for (const window of windows) {
    for (const [startMs, endMs] of occurrences(window, nowMs)) {
      if (startMs > nowMs) nextMs = Math.min(nextMs, startMs);
      else if (nowMs < endMs && endMs > closesMs) {
        open = window;
        closesMs = endMs;
      }
    }
  }
  return { open, untilMs: open === null ? nextMs : closesMs };
}

/** When a window is open around a moment: those that may have begun before it and last into it, and the next one. */
function* occurrences(window: MaintenanceWindow, nowMs: number): Generator<[startMs: number, endMs: number]> {
  if (window.kind === 'once') return yield [window.fromMs, window.toMs];
  const { weekdays, startMinute, durationMs, timezone } = window;
  const today = Math.floor(wallMs(nowMs, timezone) / DAY_MS);
  // A week and a day ahead hold at least one further beginning, whatever the weekday.
  for (let day = today - Math.ceil(durationMs / DAY_MS) - 1; day <= today + 8; day += 1) {
    if (!weekdays.includes(new Date(day * DAY_MS).getUTCDay())) continue;
    const startMs = instantOf(day * DAY_MS + startMinute * 60_000, timezone);
    yield [startMs, startMs + durationMs];
  }
}

/** The moment at which the clocks of a time zone show a time, that time given as if it were UTC. */
function instantOf(wall: number, timezone: string): number {
  const offsetMs = (instant: number) => wallMs(instant, timezone) - instant;
  // The offset a day before and after: both are right unless the clocks change in between.
  const earlier = wall - offsetMs(wall - DAY_MS);
  const later = wall - offsetMs(wall + DAY_MS);
  if (wallMs(earlier, timezone) === wall) return earlier;
  // Either the change lies before it, or the clocks never show it: then as much later as they jump.
  return wallMs(later, timezone) === wall ? later : earlier;
}

/** What the clocks of a time zone show at a moment, as if it were UTC. */
function wallMs(instant: number, timezone: string): number {
  if (timezone === 'UTC') return instant;
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  const whole = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return whole + (((instant % 1_000) + 1_000) % 1_000);
}
