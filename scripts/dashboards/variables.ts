import { type Interpolation, interpolate, type VariableValue } from '../../monitoring/dashboards/interpolate.ts';
import type { DashboardVariable } from './panel-query.ts';

/** Values of a label among series: Prometheus's `/api/v1/label/<name>/values?match[]=`. */
export type LabelValues = (label: string, selector: string) => Promise<string[]>;

export type Times = Omit<Interpolation, 'values'>;

/** `label_values(selector, label)`, the one function that the dashboards use. */
const LABEL_VALUES = /^label_values\((.*),\s*([a-zA-Z_]\w*)\)$/;

/** The variables of a dashboard as Grafana fills them in when it is opened, and what is wrong with them. */
export async function resolveVariables(
  variables: readonly DashboardVariable[],
  times: Times,
  labelValues: LabelValues,
): Promise<{ values: Map<string, VariableValue>; problems: string[] }> {
  const values = new Map<string, VariableValue>();
  const problems: string[] = [];
  for (const variable of variables) {
    const { name, type, query, current } = variable;
    if (type === 'query') {
      const text = interpolate(typeof query === 'string' ? query : query.query, { ...times, values });
      const [, selector, label] = LABEL_VALUES.exec(text) ?? [];
      const offered = selector === undefined || label === undefined ? [] : await labelValues(label, selector);
      if (offered.length === 0) problems.push(`variable ${name} offers nothing: ${text}`);
      values.set(name, chosen(variable, offered));
    } else if (type === 'constant') values.set(name, String(query));
    else values.set(name, String(current?.value ?? ''));
  }
  return { values, problems };
}

/** All of them where that is what a dashboard starts with; Grafana joins what it knows when no `allValue` says otherwise. */
function chosen({ includeAll, allValue, current }: DashboardVariable, offered: readonly string[]): VariableValue {
  const start = [current?.value ?? []].flat();
  if (includeAll !== true || !start.includes('$__all')) return start.length === 0 ? offered.slice(0, 1) : start;
  return allValue === undefined || allValue === '' ? offered : { all: allValue };
}
