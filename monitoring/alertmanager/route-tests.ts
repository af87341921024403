import { Document, isMap, isSeq } from 'yaml';
import type { Catalogue } from '../../thresholds/model.ts';
import { deriveAlerts } from '../alerts/groups.ts';
import { GENERATED } from '../header.ts';
import { inhibitionCases } from './inhibition-cases.ts';
import { routeCases } from './route-cases.ts';

/**
 * The text of `route-tests.yml`: which labels lead to which receivers, and which alert silences which. `firedrill audit --route-tests`
 * holds an Alertmanager file against it. The cases come from the catalogue, not from the routes.
 */
export function deriveRouteTests(catalogue: Catalogue): string {
  const alerts = deriveAlerts(catalogue);
  const routes = routeCases(catalogue, alerts)
    .filter(({ receivers }) => receivers.length > 0)
    .map(({ groupBy, ...rest }) => ({ ...rest, group_by: groupBy }));
  const inhibitions = inhibitionCases(catalogue, alerts);
  const document = new Document({ routes, inhibitions }, { aliasDuplicateObjects: false });
  // A line for the labels and one for the receivers: people compare them by eye.
  for (const list of ['routes', 'inhibitions']) {
    const cases = document.get(list);
    for (const each of isSeq(cases) ? cases.items : []) {
      for (const { value } of isMap(each) ? each.items : []) if (isMap(value) || isSeq(value)) value.flow = true;
    }
  }
  return `# ${GENERATED}\n${document.toString({ lineWidth: 0, flowCollectionPadding: false })}`;
}
