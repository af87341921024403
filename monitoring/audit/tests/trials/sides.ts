import { mapped, seriesKey, withReplaced } from '../series-edit.ts';
import type { Trial, TrialFamily } from '../trial.ts';
import { timesAround } from './limits.ts';

/** Series that are looked at one by one; more would make tests that nobody reads. */
const MOST = 6;

/** One condition of several: each series in turn healthy, or gone, while the others have the fault, and the other way round. */
export const sides: TrialFamily = {
  operators: ['set', 'comparison', 'bool', 'threshold', 'matcher', 'aggregation'],
  trials({ witness }) {
    const { series, near, healthy, endMs, fireAtMs, evaluationMs } = witness;
    const rest = { endMs, timesMs: timesAround(fireAtMs, evaluationMs, endMs) };
    const quiet = healthy?.series ?? near?.series ?? [];
    const calm = new Map(quiet.map((each) => [seriesKey(each), each]));
    return series.slice(0, MOST).flatMap((each): Trial[] => {
      const name = each.labels.__name__ ?? 'a series';
      const healthyOne = calm.get(seriesKey(each));
      return [
        {
          title: `the fault, but ${name} stays at 0`,
          series: withReplaced(series, [
            mapped(
              each,
              () => 0,
              () => 0,
            ),
          ]),
          ...rest,
        },
        { title: `the fault without ${name}`, series: series.filter((other) => other !== each), ...rest },
        ...(healthyOne === undefined
          ? []
          : [
              { title: `the fault, but ${name} is healthy`, series: withReplaced(series, [healthyOne]), ...rest },
              { title: `healthy, but ${name} has the fault`, series: withReplaced(quiet, [each]), ...rest },
            ]),
      ];
    });
  },
};
