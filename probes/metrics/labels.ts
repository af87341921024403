import { FIREDRILL_JOB, LABEL } from '../../thresholds/names.ts';
import type { ProbeTarget } from '../target.ts';
import type { InfoDef } from './info.ts';
import type { SeriesDef } from './series.ts';

type Label = readonly [name: string, value: string];

/**
 * Labels of a series in the sorted order that remote write asks for, cut where the target's own begin: the head is one for all
 * targets of an environment, the tail one for all series of a target. Works because every further label (`gen_ai_...`, `le`,
 * `outcome`, `phase`, `reason`) sorts before `service`.
 * @throws Error for a label that does not.
 */
export function headLabels(environment: string, { labels }: Pick<SeriesDef, 'labels'>): Label[] {
  const head: Label[] = [[LABEL.environment, environment], [LABEL.job, FIREDRILL_JOB], ...Object.entries(labels)];
  for (const name of Object.keys(labels)) {
    if (name >= LABEL.service) throw new Error(`label ${name} must sort before ${LABEL.service}: rename it`);
  }
  return head.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The target's own labels, which end every label set of it. */
export function tailLabels({ service, system, id }: Pick<ProbeTarget, 'service' | 'system' | 'id'>): Label[] {
  return [
    [LABEL.service, service],
    [LABEL.system, system],
    [LABEL.target, id],
  ];
}

/** The whole label set of an info series, sorted: its labels may stand anywhere among the others. */
export function infoLabels(
  target: ProbeTarget,
  { labels }: Pick<InfoDef, 'labels'>,
  values: readonly string[],
): Label[] {
  const seen = labels.map((name, index): Label => [name, values[index] ?? '']);
  return [...headLabels(target.environment, { labels: {} }), ...seen, ...tailLabels(target)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
}
