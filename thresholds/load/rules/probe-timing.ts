import type { ProbeDocument } from '../../document/probe.ts';
import { parseDurationMs } from '../../units.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

/** A second look that comes no sooner than the next regular one would never take place. */
export function checkProbeTiming(
  { report }: MeaningContext,
  path: Path,
  { interval, recheck }: Pick<ProbeDocument, 'interval' | 'recheck'>,
  defaultIntervalMs: number,
): void {
  if (recheck === undefined) return;
  const intervalMs = interval === undefined ? defaultIntervalMs : parseDurationMs(interval);
  if (parseDurationMs(recheck) < intervalMs) return;
  report([...path, 'recheck'], 'must be shorter than the interval', 'shorten it, or leave it out');
}
