import type { Witness, WitnessSeries } from '../../witness/types.ts';
import type { Trial } from '../trial.ts';

/** What every alert is tried with: it fires, when it fires, what keeps it silent, that it resolves, that no data is not health. */
export function coreTrials(witness: Witness): Trial[] {
  const { series, endMs, evaluationMs, fireAtMs, forMs, near, brief, episode, healthy } = witness;
  const trials: Trial[] = [
    { title: 'fires', series, endMs, timesMs: [fireAtMs - evaluationMs, fireAtMs].filter((time) => time >= 0) },
  ];
  const silentTimes = [fireAtMs];
  if (near !== null) {
    trials.push({ title: near.description, series: near.series, endMs, timesMs: silentTimes });
  }
  if (brief !== null) {
    trials.push({
      title: brief.description,
      series: brief.series,
      endMs,
      timesMs: [fireAtMs - evaluationMs, fireAtMs, fireAtMs + forMs].filter((time) => time >= 0 && time <= endMs),
    });
  }
  if (episode !== null) {
    const { fireAtMs: from, resolvedAtMs: to, endMs: end } = episode;
    trials.push({
      title: episode.description,
      series: episode.series,
      endMs: end,
      timesMs: [from - evaluationMs, from, to - evaluationMs, to].filter((time) => time >= 0 && time <= end),
    });
  }
  if (healthy !== null) {
    trials.push({ title: healthy.description, series: healthy.series, endMs, timesMs: silentTimes });
  }
  trials.push(...absences(series, endMs, silentTimes));
  return trials;
}

/** Each metric gone in turn, and all of them. */
function absences(series: readonly WitnessSeries[], endMs: number, timesMs: readonly number[]): Trial[] {
  const names = [...new Set(series.map(({ labels }) => labels.__name__ ?? ''))];
  const without = (title: string, left: readonly WitnessSeries[]) => ({ title, series: left, endMs, timesMs });
  if (names.length < 2) return names.map((name) => without(`without ${name || 'any series'}`, []));
  return [
    ...names.slice(0, 4).map((name) =>
      without(
        `without ${name || 'series that have no name'}`,
        series.filter(({ labels }) => (labels.__name__ ?? '') !== name),
      ),
    ),
    without('without any series', []),
  ];
}
