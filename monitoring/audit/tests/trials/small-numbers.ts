import type { WitnessSeries } from '../../witness/types.ts';
import type { Trial, TrialFamily } from '../trial.ts';

/** Values of counts and states. */
const VALUES = [0, 1, 2, 3] as const;

/** Every combination of small whole numbers: what counts, states and equations turn on. */
export const smallNumbers: TrialFamily = {
  operators: ['threshold', 'comparison', 'aggregation', 'set', 'bool', 'matcher', 'rate'],
  trials({ witness }) {
    const { series, endMs, fireAtMs } = witness;
    const held = series.filter(({ segments }) => segments.length === 1 && segments[0]?.slopePerSecond === 0);
    if (held.length === 0 || held.length > 3) return [];
    const others = series.filter((each) => !held.includes(each));
    return combinations(held.length).map(
      (values): Trial => ({
        title: held.map(({ labels }, index) => `${labels.__name__ ?? 'a series'} at ${values[index]}`).join(', '),
        series: [...held.map((each, index) => holding(each, values[index] ?? 0)), ...others],
        endMs,
        timesMs: [fireAtMs],
      }),
    );
  },
};

function combinations(count: number): number[][] {
  if (count === 0) return [[]];
  return combinations(count - 1).flatMap((rest) => VALUES.map((value) => [...rest, value]));
}

function holding(series: WitnessSeries, value: number): WitnessSeries {
  return { ...series, segments: [{ fromMs: 0, value, slopePerSecond: 0 }] };
}
