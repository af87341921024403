import { DURATION_BUCKETS } from './common.ts';
import { counter, type Family, type RunSample, type SeriesDef } from './series.ts';
import { bucketLabel } from './text-format.ts';

/** A histogram over runs for each phase: `*_all_*_seconds{phase}`, as Grafana's synthetic monitoring names it. */
export function phaseHistogram(family: Family, phases: readonly string[]): SeriesDef[] {
  return phases.flatMap((phase) => {
    const seconds = ({ counts, result }: RunSample) => (counts ? (result.phases[phase] ?? 0) : 0);
    return [
      ...[...DURATION_BUCKETS, Number.POSITIVE_INFINITY].map((bound) =>
        counter(family, ({ counts, result }) => (counts && (result.phases[phase] ?? 0) <= bound ? 1 : 0), {
          suffix: '_bucket',
          labels: { le: bucketLabel(bound), phase },
        }),
      ),
      counter(family, seconds, { suffix: '_sum', labels: { phase } }),
      counter(family, ({ counts }) => (counts ? 1 : 0), { suffix: '_count', labels: { phase } }),
    ];
  });
}
