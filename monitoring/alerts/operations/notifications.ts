import { sumBy } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { MINUTE_MS, ofStack } from './stack.ts';

const prometheus = (metric: string) => ofStack(metric, 'prometheus');
const alertmanager = (metric: string) => ofStack(metric, 'alertmanager');
const perSecond = (metric: string, by: readonly string[] = []) => sumBy(by, `rate(${metric}[5m])`);

/** Whether alerts leave Prometheus, and Alertmanager, for somebody who reads them. */
export const NOTIFICATION_ALERTS: readonly Draft[] = [
  {
    name: 'AlertmanagerAway',
    severity: 'critical',
    objective: 'alert-delivery',
    expr: `max_over_time(${prometheus('prometheus_notifications_alertmanagers_discovered')}[5m]) < 1`,
    forMs: 5 * MINUTE_MS,
    summary: 'Prometheus has no Alertmanager',
    description: 'Prometheus knows of {{ $value }} Alertmanagers: alerts fire and reach nobody.',
    guidance: {
      meaning:
        'Prometheus found no Alertmanager to send alerts to. This alert itself can only arrive by a second pair of Prometheus and Alertmanager, or show on a dashboard.',
      impact:
        'No notification of any system leaves Prometheus. The dead-man receiver of Watchdog is the one that notices.',
      checks: [
        'Is Alertmanager running, and does its name resolve from where Prometheus runs?',
        '`alerting:` in prometheus.yml: does it name the right address?',
      ],
      fix: 'Start Alertmanager or mend its address; look at the page Alerts of Prometheus for what fired meanwhile.',
    },
    drill: {
      mode: 'second-stack',
      reason: 'a pair without its Alertmanager cannot report that itself; a second pair watches the first',
    },
  },
  {
    name: 'PrometheusNotificationsFailing',
    severity: 'critical',
    objective: 'alert-delivery',
    expr:
      `${perSecond(prometheus('prometheus_notifications_errors_total'), ['alertmanager'])}\n` +
      `/ (${perSecond(prometheus('prometheus_notifications_sent_total'), ['alertmanager'])} > 0)\n> 0.01`,
    forMs: 15 * MINUTE_MS,
    summary: '{{ $value | humanizePercentage }} of the alerts do not reach {{ $labels.alertmanager }}',
    description:
      '{{ $value | humanizePercentage }} of what Prometheus sent to {{ $labels.alertmanager }} in the last 5 minutes failed; 1 % is the limit.',
    guidance: {
      meaning: 'Prometheus sends alerts to an Alertmanager and gets errors back.',
      impact: 'Alerts come late or not at all, unless another Alertmanager of the cluster takes them.',
      checks: [
        'Does that Alertmanager answer /-/ready?',
        'The log of Prometheus: refused, timed out, or a status code?',
        'Is a proxy or a certificate between the two?',
      ],
      fix: 'Restart or mend the Alertmanager; take it out of `alerting:` while it is away if others serve.',
    },
  },
  {
    name: 'PrometheusNotificationsDropped',
    severity: 'critical',
    objective: 'alert-delivery',
    expr: `${sumBy([], `increase(${prometheus('prometheus_notifications_dropped_total')}[5m])`)} > 0`,
    forMs: 5 * MINUTE_MS,
    summary: 'Prometheus drops alerts',
    description:
      '{{ $value | humanize }} alerts were dropped in the last 5 minutes: no Alertmanager took them, or the queue was full.',
    guidance: {
      meaning: 'Alerts were thrown away before any Alertmanager had them.',
      impact:
        'Notifications are missing. Prometheus sends an alert again while it fires, so those that last do arrive later.',
      checks: [
        'Is any Alertmanager reachable?',
        'prometheus_notifications_queue_length against its capacity: do too many alerts fire at once?',
      ],
      fix: 'Bring an Alertmanager back. If the queue overflows, look for a rule that fires for thousands of series.',
    },
  },
  {
    name: 'AlertmanagerNotificationsFailing',
    severity: 'critical',
    objective: 'alert-delivery',
    expr:
      `${perSecond(alertmanager('alertmanager_notifications_failed_total'), ['integration'])}\n` +
      `/ (${perSecond(alertmanager('alertmanager_notifications_total'), ['integration'])} > 0)\n> 0.01`,
    forMs: 5 * MINUTE_MS,
    summary: '{{ $value | humanizePercentage }} of the notifications by {{ $labels.integration }} fail',
    description:
      '{{ $value | humanizePercentage }} of the notifications by {{ $labels.integration }} failed in the last 5 minutes; 1 % is the limit.',
    guidance: {
      meaning: 'Alertmanager cannot deliver to one kind of receiver.',
      impact: 'Whoever relies on that receiver hears nothing; other receivers of the same alert still get it.',
      checks: [
        'The log of Alertmanager names the receiver and the answer: 401 and 403 are a token, 404 an address, 429 a limit.',
        'Was a secret changed or does it expire? Are the rendered secrets mounted?',
        'Does the receiver report an incident?',
      ],
      fix: 'Renew the secret or the address. Until then add a second receiver to the routes of critical alerts.',
    },
  },
  {
    name: 'AlertmanagerConfigReloadFailed',
    severity: 'critical',
    objective: 'monitoring-configuration',
    expr: `max_over_time(${alertmanager('alertmanager_config_last_reload_successful')}[5m]) == 0`,
    forMs: 10 * MINUTE_MS,
    summary: 'Alertmanager runs on an old configuration',
    description:
      'The last reload of alertmanager.yml failed (successful: {{ $value }}). New routes and receivers have no effect.',
    guidance: {
      meaning: 'The last reload of its configuration failed. Alertmanager goes on with the one before.',
      impact: 'Alerts may go to old receivers, and after a restart Alertmanager does not come up at all.',
      checks: [
        'What does the log of Alertmanager say at the last reload?',
        '`amtool check-config` on the file as it is mounted.',
        'Is a template or the file of a secret missing?',
      ],
      fix: 'Mend what amtool names and reload, or put the file of the last good commit back.',
    },
  },
];
