import { FIREDRILL_JOB, LABEL } from '../../thresholds/names.ts';
import type { ProbeTarget } from '../target.ts';
import type { SeriesDef } from './series.ts';

type Label = readonly [name: string, value: string];

/**
 * Labels of a series in the sorted order that remote write asks for, cut where the target's own begin: the head is one for all
 * targets of an environment, the tail one for all series of a target. Works because every further label (`le`, `outcome`, `phase`,
 * `reason`) sorts between `job` and `service`.
 * @throws Error for a label that does not.
 */
export function headLabels(environment: string, { labels }: Pick<SeriesDef, 'labels'>): Label[] {
  const further = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name] of further) {
    if (name <= LABEL.job || name >= LABEL.service) {
      throw new Error(`label ${name} must sort between ${LABEL.job} and ${LABEL.service}: rename it`);
    }
  }
  return [[LABEL.environment, environment], [LABEL.job, FIREDRILL_JOB], ...further];
}

/** The target's own labels, which end every label set of it. */
export function tailLabels({ service, system, id }: Pick<ProbeTarget, 'service' | 'system' | 'id'>): Label[] {
  return [
    [LABEL.service, service],
    [LABEL.system, system],
    [LABEL.target, id],
  ];
}
