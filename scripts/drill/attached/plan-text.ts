import { DRILL_LABEL } from '../../../monitoring/drill/attached/apart.ts';
import { formatCount, formatDuration } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { wrap } from '../../report/text.ts';
import type { AttachedOptions, AttachedPlan } from './types.ts';

const WIDTH = 78;

/** What an attached drill is about to do, for the person who has to agree. 80 columns. */
export function renderAttachedPlan(plan: AttachedPlan, options: AttachedOptions): string {
  const { cases, refused, series, durationMs, marks, silenced, paged, id } = plan;
  const told = silenced
    ? `nobody: a silence on ${marks.map(({ label }) => label).join(', ')} is created first; delivery is judged at Alertmanager`
    : paged.length === 0
      ? 'no receiver but that of the drill'
      : `REAL RECEIVERS (--allow-notify): ${paged.join(', ')}`;
  return [
    `  plan of drill ${id}`,
    ...field(
      'writes',
      `${formatCount(series)} series with ${DRILL_LABEL}="firedrill-${id}" to ${options.prometheusUrl}`,
    ),
    ...field('takes', `${formatDuration(durationMs)}, all alerts at once, on their own clock`),
    ...field('tells', told),
    ...field('ends', 'every series with a stale marker, every silence removed, also on Ctrl-C'),
    `  drills   ${counted(cases.length, 'alert')}`,
    ...cases.map(({ played, durationMs: own, label, receivers }) => {
      const name = `${played.rule.name}`.padEnd(34);
      return `    ${name} ${formatDuration(own).padStart(12)}  ${label === DRILL_LABEL ? '' : `by ${label}, `}for ${receivers.join(', ') || 'nobody'}`;
    }),
    ...(refused.length === 0 ? [] : [`  leaves   ${counted(refused.length, 'alert')} alone`]),
    ...refused.flatMap(({ rule, reason }) => [
      `    ${rule.name}`,
      ...wrap(reason, WIDTH - 6).map((line) => `      ${line}`),
    ]),
  ].join('\n');
}

function field(name: string, text: string): string[] {
  return wrap(text, WIDTH - 11).map((line, index) => `  ${(index === 0 ? name : '').padEnd(8)} ${line}`);
}
