import type { Catalogue } from '../../thresholds/model.ts';
import { burnGroups } from './burn/burn-groups.ts';
import { catalogueGroups } from './catalogue-groups.ts';
import type { AlertGroup, DerivedAlert } from './derived-alert.ts';

/** Everything that asks for rules; a further source is one line. Groups appear in this order. */
const SOURCES: readonly ((catalogue: Catalogue) => AlertGroup[])[] = [catalogueGroups, burnGroups];

/**
 * All rule groups of a catalogue.
 * @throws DerivationError when an alert looks at something that the catalogue does not name.
 */
export function deriveAlertGroups(catalogue: Catalogue): AlertGroup[] {
  return SOURCES.flatMap((source) => source(catalogue)).filter(
    ({ recordings, alerts }) => recordings.length > 0 || alerts.length > 0,
  );
}

/** All alerts of a catalogue, in the order of its groups. */
export function deriveAlerts(catalogue: Catalogue): DerivedAlert[] {
  return deriveAlertGroups(catalogue).flatMap(({ alerts }) => alerts);
}
