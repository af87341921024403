import type { WitnessSeries } from '../../witness/types.ts';
import type { Predictor } from '../predict.ts';
import { between, mapped, seriesKey, withReplaced } from '../series-edit.ts';
import type { Trial, TrialSource } from '../trial.ts';

/** Series whose limit is looked for; alerts over more have conditions that repeat. */
const MOST_SERIES = 8;
const BISECTIONS = 16;

/** Distance from a limit as share of the way across it: well below the nudge of a mutant. */
const BESIDE = 0.0004;

/** Trials on both sides of the limits, and the inputs just within. */
export interface Boundaries {
  trials: Trial[];
  edges: TrialSource['edges'];
}

/**
 * For each series alone the point at which the alert turns, found in the model by moving it from where it fires to where it does not: one trial on
 * each side and, where the value there is close to a round one, one exactly on it.
 */
export function boundaryTrials({ witness }: Pick<TrialSource, 'witness'>, predict: Predictor): Boundaries {
  const { series, near, healthy, endMs, fireAtMs, evaluationMs } = witness;
  const timesMs = [fireAtMs, fireAtMs + 2 * evaluationMs].filter((time) => time <= endMs);
  const calm = new Map([...(near?.series ?? []), ...(healthy?.series ?? [])].map((each) => [seriesKey(each), each]));
  const trials: Trial[] = [];
  const edges: (readonly WitnessSeries[])[] = [];
  for (const each of series.slice(0, MOST_SERIES)) {
    const trialOf = (moved: WitnessSeries, title: string): Trial => ({
      title,
      series: withReplaced(series, [moved]),
      endMs,
      timesMs,
    });
    const fires = (moved: WitnessSeries) => (predict.firing(trialOf(moved, ''))?.[0] ?? '') !== '';
    if (!fires(each)) break;
    const silent = silentVersions(each, calm.get(seriesKey(each))).find((version) => !fires(version));
    if (silent === undefined) continue;
    const share = turningPoint((at) => {
      const moved = between(silent, each, at);
      return moved !== null && fires(moved);
    });
    const name = each.labels.__name__ ?? 'a series';
    const [under, over, on] = [share - BESIDE, share + BESIDE, share].map((at) => between(silent, each, at));
    if (under) {
      const within = trialOf(under, `${name} just within the limit`);
      trials.push(within);
      edges.push(within.series);
    }
    if (over) trials.push(trialOf(over, `${name} just over the limit`));
    for (const digits of on ? [2, 4] : [])
      trials.push(trialOf(rounded(on as WitnessSeries, digits), `${name} at the limit`));
  }
  return { trials, edges };
}

/** Ways in which a series may keep the alert silent, the mildest first. */
function silentVersions(series: WitnessSeries, calm: WitnessSeries | undefined): WitnessSeries[] {
  const scaled = (factor: number) =>
    mapped(
      series,
      (value) => value * factor,
      (slope) => slope * factor,
    );
  const raised = mapped(series, (value) => value + 2);
  const same = calm !== undefined && between(calm, series, 0.5) !== null;
  return [...(same ? [calm] : []), scaled(0.5), scaled(2), scaled(0), scaled(10), scaled(100), scaled(-1), raised];
}

/** The share of the way from silent (0) to firing (1) at which the alert turns. */
function turningPoint(firesAt: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (firesAt(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** The same with its values at the nearest numbers of few digits: limits that people write have few. */
function rounded(series: WitnessSeries, digits: number): WitnessSeries {
  const round = (value: number) => Number(value.toPrecision(digits));
  return mapped(series, round, round);
}
