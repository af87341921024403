import type { Catalogue } from '../../thresholds/model.ts';
import { LABEL } from '../../thresholds/names.ts';
import { groupingOfAlert } from '../alertmanager/expected.ts';
import type { DrillCase } from './case.ts';
import { mayFire } from './explain.ts';

/**
 * Whether another case of the drill may fire an alert that Alertmanager notifies in one group with that of this case: it then tells of
 * this one at the next interval of the group, not after its wait.
 */
export function sharesGroup(catalogue: Catalogue, drillCase: DrillCase, cases: readonly DrillCase[]): boolean {
  const { alert, system, service } = drillCase;
  const grouping = groupingOfAlert(catalogue, { name: alert.name, system: system.id });
  const apart = grouping.includes(LABEL.service);
  const services = apart ? [service] : system.services.map(({ id }) => id);
  return cases.some(
    (other) =>
      other.id !== drillCase.id &&
      other.system.id === system.id &&
      services.some((id) => mayFire(other, 'fault', { alert: alert.name, service: id })),
  );
}
