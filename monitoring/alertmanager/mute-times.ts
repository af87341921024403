import type { MuteTime } from '../../thresholds/model.ts';

/** A time interval as Alertmanager takes it: it holds where weekday and time of day do. */
export interface TimeInterval {
  weekdays?: string[];
  times?: { start_time: string; end_time: string }[];
  location: string;
}

/** A named entry of `time_intervals`. */
export interface NamedTimeInterval {
  name: string;
  time_intervals: TimeInterval[];
}

const DAY_MINUTES = 24 * 60;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The mute times that routes name. Alertmanager's intervals end at midnight, so a window beyond it becomes one a day. */
export function timeIntervals(muteTimes: readonly MuteTime[], used: ReadonlySet<string>): NamedTimeInterval[] {
  return muteTimes
    .filter(({ name }) => used.has(name))
    .map(({ name, windows }) => ({ name, time_intervals: windows.flatMap(intervalsOf) }));
}

function intervalsOf({ weekdays, startMinute, durationMs, timezone }: MuteTime['windows'][number]): TimeInterval[] {
  // Alertmanager knows no seconds; muting a little longer is what the window says, never less.
  const endMinute = startMinute + Math.ceil(durationMs / 60_000);
  const days = Math.ceil(endMinute / DAY_MINUTES);
  return Array.from({ length: days }, (_, later) => {
    const from = Math.max(startMinute - later * DAY_MINUTES, 0);
    const to = Math.min(endMinute - later * DAY_MINUTES, DAY_MINUTES);
    const on = [...new Set(weekdays.map((day) => (day + later) % 7))].sort();
    return {
      ...(on.length === 7 ? {} : { weekdays: on.map((day) => WEEKDAYS[day] ?? '') }),
      ...(to - from === DAY_MINUTES ? {} : { times: [{ start_time: clock(from), end_time: clock(to) }] }),
      location: timezone,
    };
  });
}

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
