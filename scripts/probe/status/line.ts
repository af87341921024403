import type { HistoryPoint } from '../../../probes/history/record.ts';
import { formatDuration } from '../../../thresholds/units.ts';
import { hasFailure } from './view.ts';

/** Size of a line in its own units; the page scales it. */
export interface LineSize {
  width: number;
  height: number;
}

/**
 * Mean latency as a line, with a mark below it for each bucket that saw a failure; a gap where nothing was judged. An image with a text
 * for those who do not see it.
 */
export function renderLine(points: readonly HistoryPoint[], { width, height }: LineSize, span: string): string {
  const known = points.flatMap(({ meanSeconds }) => meanSeconds ?? []);
  const failures = points.filter(hasFailure).length;
  const top = Math.max(...known, Number.MIN_VALUE);
  const step = width / Math.max(1, points.length - 1);
  const room = height - 4;
  let path = '';
  let drawing = false;
  points.forEach(({ meanSeconds }, index) => {
    if (meanSeconds === null) {
      drawing = false;
      return;
    }
    const x = Number((index * step).toFixed(1));
    const y = Number((1 + (room - 2) * (1 - meanSeconds / top)).toFixed(1));
    // A lone point is drawn too: a line of no length with round ends.
    path += `${drawing ? 'L' : 'M'}${x} ${y}${drawing ? '' : 'h0'}`;
    drawing = true;
  });
  const marks = points.map((point, index) =>
    hasFailure(point) ? `M${Number((index * step).toFixed(1))} ${height - 3}v3` : '',
  );
  const label = `latency ${span}: ${known.length === 0 ? 'no runs' : `at most ${formatDuration(top * 1_000)} on average`}, failures in ${failures} of ${points.length} parts`;
  return [
    `<svg class="line" role="img" aria-label="${label}" viewBox="-2 0 ${width + 4} ${height}" preserveAspectRatio="none">`,
    path === '' ? '' : `<path class="latency" d="${path}"/>`,
    failures === 0 ? '' : `<path class="failure" d="${marks.join('')}"/>`,
    '</svg>',
  ].join('');
}
