/** The fields of a moment in a time zone, as people there read their clocks. */
interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** What a tool for the time answers. */
export interface ZonedTime {
  timezone: string;
  /** ISO 8601 with the offset of the zone: `2026-01-15T12:00:00+01:00`. */
  datetime: string;
  day_of_week: string;
  is_dst: boolean;
}

/**
 * The time in a zone of the IANA database.
 * @throws RangeError for a zone that does not exist.
 */
export function timeIn(timezone: string, nowMs: number): ZonedTime {
  const whole = Math.floor(nowMs / 1_000) * 1_000;
  const offset = offsetMinutes(timezone, whole);
  const year = new Date(whole).getUTCFullYear();
  const standard = Math.min(
    offsetMinutes(timezone, Date.UTC(year, 0, 1)),
    offsetMinutes(timezone, Date.UTC(year, 6, 1)),
  );
  const local = new Date(whole + offset * 60_000);
  return {
    timezone,
    datetime: `${local.toISOString().slice(0, 19)}${formatOffset(offset)}`,
    day_of_week: local.toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' }),
    is_dst: offset !== standard,
  };
}

/** True for the name of a zone that the runtime knows. */
export function isTimeZone(name: unknown): name is string {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: String(name) });
    return typeof name === 'string' && name !== '';
  } catch {
    return false;
  }
}

function offsetMinutes(timezone: string, atMs: number): number {
  const { year, month, day, hour, minute, second } = localTime(timezone, atMs);
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - atMs) / 60_000);
}

function localTime(timezone: string, atMs: number): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  return parts as unknown as LocalTime;
}

function formatOffset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
