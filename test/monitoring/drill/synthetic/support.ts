import { type DrillRule, readDrillRules } from '../../../../monitoring/drill/synthetic/rule.ts';

/** Rules out of a group as one writes it in YAML. */
export function drillRules(rules: string): readonly DrillRule[] {
  const text = `groups:\n- name: g\n  rules:\n${rules.trim().replaceAll(/^/gm, '  ')}\n`;
  const read = readDrillRules([{ path: 'rules.yml', text }]);
  if (read.problems.length > 0) throw new Error(JSON.stringify(read.problems));
  return read.rules;
}

/** One alert on an expression. */
export function drillRule(expr: string, more = ''): DrillRule {
  return drillRules(`- alert: A\n  expr: ${JSON.stringify(expr)}\n${more}`)[0] as DrillRule;
}
