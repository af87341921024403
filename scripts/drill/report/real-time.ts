import type { DrilledAlert } from './record.ts';

/** What a drill would take on the clock of production. */
export interface RealTimeCost {
  readonly oneByOneSeconds: number;
  /** All at once: as long as the slowest. */
  readonly slowest: { readonly alert: string; readonly seconds: number };
  /** Alerts that the figures are about. */
  readonly alerts: number;
}

/** Null where no alert came to its end. */
export function realTimeCost(drilled: readonly DrilledAlert[]): RealTimeCost | null {
  const costs = drilled.flatMap(({ row, timeline: { realTimeSeconds } }) =>
    realTimeSeconds === null ? [] : [{ alert: `${row.system}/${row.alert}`, seconds: realTimeSeconds }],
  );
  const slowest = costs.toSorted((a, b) => b.seconds - a.seconds)[0];
  if (slowest === undefined) return null;
  return { oneByOneSeconds: costs.reduce((sum, { seconds }) => sum + seconds, 0), slowest, alerts: costs.length };
}

/** How many alerts needed how long to fire. */
export interface DetectionHistogram {
  readonly bins: readonly { readonly label: string; readonly count: number }[];
  readonly medianSeconds: number;
  readonly p90Seconds: number;
  readonly maxSeconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BOUNDS = [
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  DAY,
];

/** The detection times, from fault to firing in real time; null where nothing fired. Empty bins at both ends are left out. */
export function detectionHistogram(drilled: readonly DrilledAlert[]): DetectionHistogram | null {
  const times = drilled
    .flatMap(({ timeline: { firing, factor } }) => (firing === null ? [] : [Math.max(0, firing * factor)]))
    .toSorted((a, b) => a - b);
  const at = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0;
  if (times.length === 0) return null;
  const bins = [...BOUNDS, Number.POSITIVE_INFINITY].map((bound, index) => {
    const low = BOUNDS[index - 1] ?? 0;
    const label = bound === Number.POSITIVE_INFINITY ? `over ${longDuration(low)}` : `up to ${longDuration(bound)}`;
    return { label, count: times.filter((time) => time <= bound && (time > low || index === 0)).length };
  });
  const filled = bins.map(({ count }) => count > 0);
  return {
    bins: bins.slice(filled.indexOf(true), filled.lastIndexOf(true) + 1),
    medianSeconds: at(0.5),
    p90Seconds: at(0.9),
    maxSeconds: at(1),
  };
}

/** Two units at most: `45 s`, `12 min 30 s`, `3 h 20 min`, `2 d 4 h`. */
export function longDuration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [large, largeName, small, smallName] =
    whole < MINUTE
      ? [1, 's', 1, '']
      : whole < HOUR
        ? [MINUTE, 'min', 1, 's']
        : whole < DAY
          ? [HOUR, 'h', MINUTE, 'min']
          : [DAY, 'd', HOUR, 'h'];
  const rest = Math.floor((whole % large) / small);
  return [`${Math.floor(whole / large)} ${largeName}`, ...(rest > 0 ? [`${rest} ${smallName}`] : [])].join(' ');
}
