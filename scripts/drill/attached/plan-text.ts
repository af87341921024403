import { DRILL_LABEL } from '../../../monitoring/drill/attached/apart.ts';
import { formatCount, formatDuration } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { wrap } from '../../report/text.ts';
import type { AttachedOptions, AttachedPlan } from './types.ts';

const WIDTH = 78;

/** What an attached drill is about to do, for the person who has to agree. 80 columns. */
export function renderAttachedPlan(
  plan: AttachedPlan,
  { prometheusUrl }: Pick<AttachedOptions, 'prometheusUrl'>,
): string {
  const { series, durationMs, marks, silenced, paged, id } = plan;
  const told = silenced
    ? `nobody: a silence on ${marks.map(({ label }) => label).join(', ')} is created first; delivery is judged at Alertmanager`
    : paged.length === 0
      ? 'no receiver but that of the drill'
      : `REAL RECEIVERS (--allow-notify): ${paged.join(', ')}`;
  return [
    `  plan of drill ${id}`,
    ...field('writes', `${formatCount(series)} series with ${DRILL_LABEL}="firedrill-${id}" to ${prometheusUrl}`),
    ...field('takes', `${formatDuration(durationMs)}, all alerts at once, on their own clock`),
    ...field('tells', told),
    ...field('ends', 'every series with a stale marker, every silence removed, also on Ctrl-C'),
    ...alertLines(plan),
  ].join('\n');
}

/** What a drill in real time is about to do. */
export function renderRealTimePlan(plan: AttachedPlan): string {
  const takes = `${formatDuration(plan.durationMs)}, all alerts at once, with the intervals and waits of the files`;
  return ['  plan of the drill in real time', ...field('takes', takes), ...alertLines(plan)].join('\n');
}

function alertLines({ cases, refused }: AttachedPlan): string[] {
  return [
    `  drills   ${counted(cases.length, 'alert')}`,
    ...cases.flatMap(({ played, durationMs, label, receivers }) => {
      const name = `    ${played.rule.name}`.padEnd(38);
      const told = `${label === DRILL_LABEL ? '' : `by ${label}, `}for ${receivers.join(', ') || 'nobody'}`;
      const line = `${name} ${formatDuration(durationMs).padStart(12)}  ${told}`;
      return line.length <= WIDTH + 2
        ? [line]
        : [name.trimEnd(), `      ${formatDuration(durationMs)}, ${told}`.slice(0, WIDTH + 2)];
    }),
    ...(refused.length === 0 ? [] : [`  leaves   ${counted(refused.length, 'alert')} alone`]),
    ...refused.flatMap(({ rule, reason }) => [
      `    ${rule.name}`,
      ...wrap(reason, WIDTH - 6).map((line) => `      ${line}`),
    ]),
  ];
}

function field(name: string, text: string): string[] {
  return wrap(text, WIDTH - 11).map((line, index) => `  ${(index === 0 ? name : '').padEnd(8)} ${line}`);
}
