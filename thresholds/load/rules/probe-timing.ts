import type { ProbeDocument } from '../../document/probe.ts';
import { formatPrometheusDuration, parseDurationMs } from '../../units.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

type Timing = Pick<ProbeDocument, 'interval' | 'recheck' | 'timeout' | 'degradedAbove' | 'failAbove'>;

/** A setting that another one always comes before would never take effect. */
export function checkProbeTiming(
  { report }: MeaningContext,
  path: Path,
  { interval, recheck, timeout, degradedAbove, failAbove }: Timing,
  usual: { intervalMs: number; timeoutMs: number },
): void {
  const ms = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : parseDurationMs(text));
  const { POSITIVE_INFINITY: never } = Number;
  if (ms(recheck, 0) >= ms(interval, usual.intervalMs)) {
    report([...path, 'recheck'], 'must be shorter than the interval', 'shorten it, or leave it out');
  }
  const timeoutMs = ms(timeout, usual.timeoutMs);
  if (ms(failAbove, 0) >= timeoutMs) {
    const rule = `must be below the timeout, ${formatPrometheusDuration(timeoutMs)}`;
    report([...path, 'failAbove'], rule, 'lower it, or raise timeout');
  }
  if (ms(degradedAbove, 0) >= ms(failAbove, never)) {
    report([...path, 'degradedAbove'], `must be below failAbove, ${failAbove}`, 'lower it, or leave it out');
  }
}
