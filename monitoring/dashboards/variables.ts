import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  ConstantVariableBuilder,
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { LABEL } from '../../thresholds/names.ts';
import { selector } from '../promql/text.ts';
import { DATA_SOURCE } from './panel.ts';
import { PROMETHEUS_UID } from './provisioning.ts';
import type { DashboardSpec, SelectSpec } from './spec.ts';

/** Matches every value, and series without the label too. Without it Grafana would join the values it knows, and `""` if none. */
const EVERYTHING = '.*';

/** The variables of a dashboard: data source, system, service, environment and its own. */
export function variables({ system, subject, selects = [], windows = [] }: DashboardSpec): Builder<VariableModel>[] {
  const ofSystem = system === null ? `${LABEL.system}=~"$system"` : `${LABEL.system}="$system"`;
  const valuesOf = (label: string, matchers: string[]) => `label_values(${selector(subject, matchers)}, ${label})`;
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Data source')
      .type('prometheus')
      .current({ text: 'Prometheus', value: PROMETHEUS_UID }),
    system === null
      ? select({ name: 'system', label: 'System', query: valuesOf(LABEL.system, []) })
      : new ConstantVariableBuilder('system').label('System').value(system.id),
    select({ name: 'environment', label: 'Environment', query: valuesOf(LABEL.environment, [ofSystem]) }),
    select({
      name: 'service',
      label: 'Service',
      query: valuesOf(LABEL.service, [ofSystem, `${LABEL.environment}=~"$environment"`]),
    }),
    ...selects.map(select),
    ...(windows[0] === undefined ? [] : [windowChoice(windows[0], windows)]),
  ];
}

function windowChoice(first: string, windows: readonly string[]): CustomVariableBuilder {
  return new CustomVariableBuilder('window')
    .label('Window')
    .values(windows.join(','))
    .options(windows.map((value) => ({ text: value, value, selected: value === first })))
    .current({ text: first, value: first });
}

function select({ name, label, query }: SelectSpec): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .query({ query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(EVERYTHING)
    .current({ text: ['All'], value: ['$__all'] });
}
