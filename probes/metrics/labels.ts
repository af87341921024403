import { FIREDRILL_JOB, LABEL } from '../../thresholds/names.ts';
import type { ProbeTarget } from '../target.ts';
import type { InfoDef } from './info.ts';
import type { SeriesDef } from './series.ts';

type Label = readonly [name: string, value: string];

/** What the labels of a series say of its target. Empty texts are labels that are not there, as Prometheus has it. */
export type LabelledTarget = Pick<ProbeTarget, 'environment' | 'location' | 'instance' | 'service' | 'system' | 'id'>;

/**
 * Labels of a series in the sorted order that remote write asks for, cut where the target's own begin: the head is one for all
 * targets of a scope, the tail one for all series of a target. Works because every further label (`gen_ai_...`, `le`,
 * `outcome`, `phase`, `reason`) sorts before `service`.
 * @throws Error for a label that does not.
 */
export function headLabels(target: LabelledTarget, { labels }: Pick<SeriesDef, 'labels'>): Label[] {
  const head: Label[] = [
    [LABEL.environment, target.environment],
    [LABEL.instance, target.instance],
    [LABEL.job, FIREDRILL_JOB],
    [LABEL.location, target.location],
    ...Object.entries(labels),
  ];
  for (const name of Object.keys(labels)) {
    if (target.service !== '' && name >= LABEL.service)
      throw new Error(`label ${name} must sort before ${LABEL.service}: rename it`);
  }
  return head.filter(isThere).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Targets of one scope share their heads. */
export function headScope({ environment, location, instance }: LabelledTarget): string {
  return `${environment}\n${location}\n${instance}`;
}

/** The target's own labels, which end every label set of it. */
export function tailLabels({ service, system, id }: LabelledTarget): Label[] {
  const tail: Label[] = [
    [LABEL.service, service],
    [LABEL.system, system],
    [LABEL.target, id],
  ];
  return tail.filter(isThere);
}

function isThere([, value]: Label): boolean {
  return value !== '';
}

/** The whole label set of an info series, sorted: its labels may stand anywhere among the others. */
export function infoLabels(
  target: LabelledTarget,
  { labels }: Pick<InfoDef, 'labels'>,
  values: readonly string[],
): Label[] {
  const seen = labels.map((name, index): Label => [name, values[index] ?? '']);
  return [...headLabels(target, { labels: {} }), ...seen, ...tailLabels(target)].sort(([a], [b]) => (a < b ? -1 : 1));
}
