import type { Catalogue } from '../thresholds/model.ts';
import { LABEL } from '../thresholds/names.ts';
import { formatPrometheusDuration } from '../thresholds/units.ts';
import type { AlertGroup, DerivedAlert, Recording } from './alerts/derived-alert.ts';
import { deriveAlertGroups } from './alerts/groups.ts';
import { dashboardLinks } from './dashboard-link.ts';
import { generatedYaml } from './header.ts';
import { runbookAnchor } from './runbook-anchor.ts';

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

/** All rules of a catalogue, or those of some of its groups. */
export function deriveRules(catalogue: Catalogue, groups = deriveAlertGroups(catalogue)): RuleFile {
  const around: Surroundings = { catalogue, dashboardUrl: dashboardLinks(catalogue) };
  return { groups: groups.map((group) => ruleGroup(group, around)) };
}

/** The text of `alert_rules.yml`. */
export function deriveRulesText(catalogue: Catalogue, groups = deriveAlertGroups(catalogue)): string {
  return generatedYaml(deriveRules(catalogue, groups));
}

/** What an alert takes from beyond itself. */
interface Surroundings {
  catalogue: Catalogue;
  dashboardUrl: (alert: DerivedAlert) => string;
}

function ruleGroup({ name, intervalMs, recordings, alerts }: AlertGroup, around: Surroundings): RuleGroup {
  return {
    name,
    ...(intervalMs === null ? {} : { interval: formatPrometheusDuration(intervalMs) }),
    rules: [...recordings.map(recordingRule), ...alerts.map((alert) => alertingRule(alert, around))],
  };
}

function recordingRule({ record, expr, labels }: Recording): Rule {
  return { record, expr, ...(labels === undefined ? {} : { labels: { ...labels } }) };
}

function alertingRule(alert: DerivedAlert, { catalogue, dashboardUrl }: Surroundings): Rule {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(alert.forMs > 0 ? { for: formatPrometheusDuration(alert.forMs) } : {}),
    ...(alert.keepFiringForMs > 0 ? { keep_firing_for: formatPrometheusDuration(alert.keepFiringForMs) } : {}),
    labels: {
      [LABEL.severity]: alert.severity,
      [LABEL.team]: alert.team,
      [LABEL.objective]: alert.objective,
      [LABEL.system]: alert.system,
      ...alert.labels,
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${catalogue.operations.runbookUrl}#${runbookAnchor(alert)}`,
      dashboard_url: dashboardUrl(alert),
    },
  };
}
