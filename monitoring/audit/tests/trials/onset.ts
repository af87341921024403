import type { WitnessSeries } from '../../witness/types.ts';
import { between, commonStep, differing, joined, seriesKey, withReplaced } from '../series-edit.ts';
import type { Trial, TrialFamily } from '../trial.ts';

/** How strong the fault is that begins: barely over the limit takes a window longest to see. */
const STRENGTHS = [0.1, 1] as const;

/** Moments at which one looks after the change. */
const LOOKS = 24;

/** Healthy for a while, then the fault, and the other way round: how soon it is seen depends on windows, offsets and `for`. */
export const onset: TrialFamily = {
  operators: [
    'window',
    'offset',
    'rate',
    'for',
    'set',
    'aggregation',
    'threshold',
    'comparison',
    'matcher',
    'grouping',
    'matching',
  ],
  trials({ rule, witness }) {
    const { series, near, healthy, endMs, intervalMs, evaluationMs } = witness;
    const quiet = healthy?.series ?? near?.series;
    if (quiet === undefined) return [];
    const step = commonStep(intervalMs, evaluationMs);
    const changeAtMs = Math.ceil(endMs / step) * step;
    const looks = Array.from(
      { length: LOOKS },
      (_, index) => changeAtMs + Math.round(((index + 1) * endMs) / LOOKS / evaluationMs) * evaluationMs,
    );
    const rest = { endMs: 2 * changeAtMs, timesMs: [...new Set(looks)].filter((time) => time <= 2 * changeAtMs) };
    const begins = STRENGTHS.map((strength): Trial => {
      const pairs = differing(near?.series ?? quiet, series);
      const strong = new Map(
        pairs.flatMap(({ from, to }) => {
          const mixed = strength === 1 ? to : between(from, to, strength);
          return mixed === null ? [] : [[seriesKey(to), mixed] as const];
        }),
      );
      const fault = series.map((each) => strong.get(seriesKey(each)) ?? each);
      return {
        title: strength === 1 ? 'healthy, then the fault' : 'healthy, then barely over the limit',
        series: inTurn(quiet, fault, changeAtMs, intervalMs),
        ...rest,
      };
    });
    return [
      ...begins,
      ...jumps(series, changeAtMs, rest),
      ...births(series, { atMs: changeAtMs, forMs: rule.forMs, evaluationMs }, rest),
      { title: 'the fault, then healthy', series: inTurn(series, quiet, changeAtMs, intervalMs), ...rest },
    ];
  },
};

/** Each series alone makes a step while the others keep their fault: what counts changes or measures slopes sees it as long as its window is. */
function jumps(series: readonly WitnessSeries[], atMs: number, rest: Pick<Trial, 'endMs' | 'timesMs'>): Trial[] {
  return series.slice(0, 4).flatMap((each): Trial[] => {
    const [segment] = each.segments;
    if (each.segments.length !== 1 || segment === undefined || segment.value === null) return [];
    const reached = segment.value + (segment.slopePerSecond * atMs) / 1_000;
    const stepped = { ...each, segments: [segment, { ...segment, fromMs: atMs, value: reached + 1 }] };
    const title = `the fault, and ${each.labels.__name__ ?? 'a series'} makes a step`;
    return [{ title, series: withReplaced(series, [stepped]), ...rest }];
  });
}

/** The series of one metric appear with a value that stays, or that grows after half of `for`, while the others are there all the time. */
function births(
  series: readonly WitnessSeries[],
  { atMs, forMs, evaluationMs }: { atMs: number; forMs: number; evaluationMs: number },
  rest: Pick<Trial, 'endMs' | 'timesMs'>,
): Trial[] {
  const names = [...new Set(series.map(({ labels }) => labels.__name__ ?? ''))].slice(0, 4);
  const later = atMs + Math.max(evaluationMs, Math.round(forMs / 2 / evaluationMs) * evaluationMs);
  return names.flatMap((name) =>
    [false, true].map((grows): Trial => {
      const born = series
        .filter(({ labels }) => (labels.__name__ ?? '') === name)
        .map((each) => {
          const value = each.segments.find((segment) => segment.value !== null && segment.value !== 0)?.value ?? 1;
          const slopePerSecond = Math.max(0.01, ...each.segments.map((segment) => segment.slopePerSecond));
          const still = [
            { fromMs: 0, value: null, slopePerSecond: 0 },
            { fromMs: atMs, value, slopePerSecond: 0 },
          ];
          return { ...each, segments: grows ? [...still, { fromMs: later, value, slopePerSecond }] : still };
        });
      const title = `${name || 'a series'} is born with its value${grows ? ', and grows later' : ''}`;
      return { title, series: withReplaced(series, born), ...rest };
    }),
  );
}

function inTurn(
  before: readonly WitnessSeries[],
  after: readonly WitnessSeries[],
  atMs: number,
  intervalMs: number,
): WitnessSeries[] {
  const later = new Map(after.map((each) => [seriesKey(each), each]));
  const both = before.map((each) => {
    const next = later.get(seriesKey(each));
    later.delete(seriesKey(each));
    if (next !== undefined) return joined(each, next, atMs, intervalMs);
    return {
      ...each,
      segments: [
        ...each.segments.filter(({ fromMs }) => fromMs < atMs),
        { fromMs: atMs, value: null, slopePerSecond: 0 },
      ],
    };
  });
  const born = [...later.values()].map((each) => ({
    ...each,
    segments: [
      { fromMs: 0, value: null, slopePerSecond: 0 },
      ...each.segments.map((segment) => ({ ...segment, fromMs: segment.fromMs + atMs })),
    ],
  }));
  return [...both, ...born];
}
