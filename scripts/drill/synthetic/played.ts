import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import { type Placement, sampleMs, wallTime } from '../../../monitoring/drill/synthetic/clock.ts';
import { samplesOf } from '../../../monitoring/drill/synthetic/sample.ts';
import type { Script } from '../../../monitoring/drill/synthetic/script.ts';
import type { PlayedSeries } from './write-request.ts';

/** Where the moments of a case lie on the wall's clock: its fault begins with an evaluation of its group, at `startMs` or just after. */
export function placementOf(
  { unit, clock, liveFromMs }: SyntheticCase,
  startMs: number,
  phases: ReadonlyMap<string, number>,
): Placement {
  const phase = phases.get(unit.name) ?? 0;
  const { factor, wallEvaluationMs } = clock;
  const steps = Math.ceil((startMs - phase) / wallEvaluationMs);
  return { wallMs: phase + steps * wallEvaluationMs, fromMs: liveFromMs, factor };
}

/** The series of all scripts, each on the clock of its case, up to a moment of the wall's. */
export function* played(
  scripts: readonly Script[],
  owners: ReadonlyMap<string, SyntheticCase>,
  placements: ReadonlyMap<string, Placement>,
  untilMs: number,
): Generator<PlayedSeries> {
  for (const script of scripts) {
    const owner = owners.get(script.id);
    const placement = owner === undefined ? undefined : placements.get(owner.id);
    if (owner === undefined || placement === undefined) continue;
    const interval = sampleMs(owner.clock);
    const last = Math.floor((placement.fromMs + (untilMs - placement.wallMs) * placement.factor) / interval);
    for (const { labels, segments } of script.series)
      yield { labels, samples: onWall(segments, interval, last, placement) };
  }
}

function* onWall(
  segments: Script['series'][number]['segments'],
  interval: number,
  last: number,
  placement: Placement,
): Generator<readonly [number, number | 'stale']> {
  let end = 0;
  for (const [index, sample] of samplesOf(segments, interval, last)) {
    yield [wallTime(placement, index * interval), sample];
    end = index + 1;
  }
  yield [wallTime(placement, Math.max(end, last + 1) * interval), 'stale'];
}
