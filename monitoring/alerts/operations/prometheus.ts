import { LABEL, OPERATIONS_SYSTEM } from '../../../thresholds/names.ts';
import { quote, selector, sumBy } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { MINUTE_MS, ofStack } from './stack.ts';

const prometheus = (metric: string) => ofStack(metric, 'prometheus');

/** Whether Prometheus reads its files and evaluates its rules: without that no other alert means anything. */
export const RULE_ALERTS: readonly Draft[] = [
  {
    name: 'PrometheusConfigReloadFailed',
    severity: 'critical',
    objective: 'monitoring-configuration',
    // Over a window: one lost scrape must not reset the alert.
    expr: `max_over_time(${prometheus('prometheus_config_last_reload_successful')}[5m]) == 0`,
    forMs: 10 * MINUTE_MS,
    summary: 'Prometheus runs on an old configuration',
    description:
      'The last reload of prometheus.yml or of a rule file failed (successful: {{ $value }}). What was changed since then is not watched.',
    guidance: {
      meaning: 'The last reload of its configuration failed. Prometheus goes on with the one before.',
      impact: 'New targets, rules and limits have no effect, and after a restart Prometheus does not come up at all.',
      checks: [
        'What does the log of Prometheus say at the last reload?',
        '`promtool check config` and `promtool check rules` on the files as they are mounted.',
        'Were the files derived anew (`firedrill generate --check`)?',
      ],
      fix: 'Mend the file that promtool names and reload. If it is not clear what broke, put the files of the last good commit back.',
    },
  },
  {
    name: 'PrometheusRuleEvaluationFailing',
    severity: 'critical',
    objective: 'rule-evaluation',
    expr: `${sumBy(['rule_group'], `increase(${prometheus('prometheus_rule_evaluation_failures_total')}[5m])`)} > 0`,
    forMs: 5 * MINUTE_MS,
    summary: 'Rules of {{ $labels.rule_group }} cannot be evaluated',
    description:
      '{{ $value | humanize }} evaluations of rules in {{ $labels.rule_group }} failed in the last 5 minutes. Their alerts are blind.',
    guidance: {
      meaning:
        'Prometheus could not evaluate some of its rules: often two series with the same labels after a join, or a query that needs too much.',
      impact: 'The alerts of that group neither fire nor resolve.',
      checks: [
        'Page /rules of Prometheus: which rule shows an error, and what does it say?',
        'Did a target begin to export a series twice, or a new label make a join ambiguous?',
        'Is Prometheus out of memory, or does the query hit its limit of samples?',
      ],
      fix: 'Mend the rule in the catalogue and derive the files anew, or relabel the series that came twice.',
    },
  },
  {
    name: 'PrometheusRuleEvaluationsMissed',
    severity: 'warning',
    objective: 'rule-evaluation',
    expr: `${sumBy(['rule_group'], `increase(${prometheus('prometheus_rule_group_iterations_missed_total')}[5m])`)} > 0`,
    forMs: 15 * MINUTE_MS,
    summary: 'Evaluations of {{ $labels.rule_group }} are left out',
    description:
      '{{ $value | humanize }} evaluations of {{ $labels.rule_group }} were left out in the last 5 minutes because the one before was not done.',
    guidance: {
      meaning: 'A group of rules takes longer than its interval, so that evaluations are left out.',
      impact: 'Its alerts come later than promised, and `for` counts gaps as health.',
      checks: [
        'prometheus_rule_group_last_duration_seconds: which group is slow, and since when?',
        'Does the machine lack processor or disk, or did the number of series grow?',
      ],
      fix: 'Give Prometheus more processor, or give the slow group a longer interval. Rules over long windows belong into groups of their own.',
    },
  },
  {
    name: 'MonitoringTargetDown',
    severity: 'critical',
    objective: 'monitoring-availability',
    expr: `${selector('up', [`${LABEL.system}=${quote(OPERATIONS_SYSTEM)}`])} == 0`,
    forMs: 2 * MINUTE_MS,
    summary: '{{ $labels.service }} of the monitoring stack is down',
    description: 'Prometheus cannot read {{ $labels.service }} of the monitoring stack: up is {{ $value }}.',
    guidance: {
      meaning: 'A part of the monitoring stack does not answer Prometheus.',
      impact:
        'What that part shows or delivers is missing: notifications (alertmanager), dashboards (grafana), or the metrics of hosts and containers.',
      checks: [
        'Is its container running and healthy? What does its log say last?',
        'Was it just updated, or is its volume full?',
        'Does Prometheus reach other parts of the stack on the same network?',
      ],
      fix: 'Start it again, or put the last image and configuration back.',
    },
  },
];
