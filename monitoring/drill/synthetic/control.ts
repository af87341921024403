import { parsePromql } from '../../promql/parse.ts';
import type { SyntheticCase } from './case.ts';
import type { RuleUnit } from './units.ts';

/** Name of the rule that is broken on purpose. */
export const CONTROL_NAME = 'FiredrillBrokenRule';
const CONTROL_ID = Number.MAX_SAFE_INTEGER;

/**
 * A copy of a case whose rule cannot match: a drill that does not report it as missed sees nothing. Null where no case can be told apart
 * from its copy.
 */
export function controlCase(cases: readonly SyntheticCase[]): SyntheticCase | null {
  const model = cases.find(({ mode, scripts }) => mode === 'full' && scripts[0]?.context != null);
  const fault = model?.scripts[0];
  if (model === undefined || fault == null || fault.context === null) return null;
  const expr = `(${model.rule.expr}) and on() (vector(1) == 0)`;
  const parsed = parsePromql(expr);
  if (!parsed.ok) return null;
  const source = { ...model.rule.source, name: CONTROL_NAME, expr: { ...model.rule.source.expr, text: expr } };
  const rule = { ...model.rule, id: CONTROL_ID, name: CONTROL_NAME, expr, ast: parsed.expr, source };
  const unit: RuleUnit = { name: 'control', rules: [rule], component: rule.id };
  const { label } = fault.context;
  const context = { label, value: 'drill-control' };
  const series = fault.series.map((one) => ({ ...one, labels: { ...one.labels, [label]: context.value } }));
  const labels = model.prediction.labels.map((one) => ({ ...one, alertname: CONTROL_NAME, [label]: context.value }));
  return {
    ...model,
    id: 'control',
    rule,
    unit,
    units: [unit],
    scripts: [{ ...fault, id: 'control.fault', rule, role: 'control', context, series }],
    prediction: { ...model.prediction, labels },
  };
}
