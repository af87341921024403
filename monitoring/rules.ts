import type { Alert, Catalogue, System } from '../thresholds/model.ts';
import { LABEL, ruleGroupName } from '../thresholds/names.ts';
import { formatPrometheusDuration } from '../thresholds/units.ts';
import { conditionExpression } from './conditions/expression.ts';
import { generatedYaml } from './header.ts';
import { runbookAnchor } from './runbook.ts';

/** A rule file as Prometheus reads it. Durations are in its own syntax. */
export interface RuleFile {
  groups: RuleGroup[];
}

export interface RuleGroup {
  name: string;
  interval?: string;
  rules: Rule[];
}

/** An alerting rule has `alert`, a recording rule has `record`. */
export interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface RuleOptions {
  /** What `runbook_url` starts with; the heading's anchor follows. */
  runbookUrl: string;
}

export const DEFAULT_RULE_OPTIONS: RuleOptions = { runbookUrl: 'monitoring/runbook.md' };

/** The rules of every system that has alerts, one group a system. */
export function deriveRules(catalogue: Catalogue, options: RuleOptions = DEFAULT_RULE_OPTIONS): RuleFile {
  const systems = catalogue.systems.filter(({ alerts }) => alerts.length > 0);
  return {
    groups: systems.map((system) => ({
      name: ruleGroupName(system.id),
      rules: system.alerts.map((alert) => alertingRule(system, alert, options)),
    })),
  };
}

/** The text of `alert_rules.yml`. */
export function deriveRulesText(catalogue: Catalogue, options: RuleOptions = DEFAULT_RULE_OPTIONS): string {
  return generatedYaml(deriveRules(catalogue, options));
}

function alertingRule(system: System, alert: Alert, { runbookUrl }: RuleOptions): Rule {
  return {
    alert: alert.name,
    expr: conditionExpression({ system, alert }),
    ...(alert.forMs > 0 ? { for: formatPrometheusDuration(alert.forMs) } : {}),
    ...(alert.keepFiringForMs > 0 ? { keep_firing_for: formatPrometheusDuration(alert.keepFiringForMs) } : {}),
    labels: {
      [LABEL.severity]: alert.severity,
      [LABEL.team]: system.team,
      [LABEL.objective]: alert.objective,
      [LABEL.system]: system.id,
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookUrl}#${runbookAnchor(system, alert)}`,
    },
  };
}
