import type { Catalogue } from '../../thresholds/model.ts';
import { absentGroups } from './absent/absent-groups.ts';
import { aggregateGroups } from './aggregates.ts';
import { burnGroups } from './burn/burn-groups.ts';
import { catalogueGroups } from './catalogue-groups.ts';
import type { AlertGroup, DerivedAlert } from './derived-alert.ts';
import { withEscalations } from './escalations.ts';
import { operationsGroups, runGroups } from './operations/operations-groups.ts';
import { probeGroups } from './probes/probe-groups.ts';

/** Everything that asks for rules; a further source is one line. Groups appear in this order. */
const SOURCES: readonly ((catalogue: Catalogue) => AlertGroup[])[] = [
  catalogueGroups,
  burnGroups,
  probeGroups,
  runGroups,
  operationsGroups,
  aggregateGroups,
];

/**
 * All rule groups of a catalogue: what the sources ask for, what watches that their metrics are there, and what follows when nobody helps.
 * @throws DerivationError when an alert looks at something that the catalogue does not name.
 */
export function deriveAlertGroups(catalogue: Catalogue): AlertGroup[] {
  const asked = SOURCES.flatMap((source) => source(catalogue));
  return withEscalations(catalogue, [...asked, ...absentGroups(catalogue, asked)]).filter(
    ({ recordings, alerts }) => recordings.length > 0 || alerts.length > 0,
  );
}

/** All alerts of a catalogue, in the order of its groups. */
export function deriveAlerts(catalogue: Catalogue): DerivedAlert[] {
  return deriveAlertGroups(catalogue).flatMap(({ alerts }) => alerts);
}
