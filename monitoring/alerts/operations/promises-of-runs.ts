import type { System } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import { RUN_METRIC } from '../../../thresholds/run-names.ts';
import { quote, selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { HOUR_MS, MINUTE_MS, ON_DRILLS } from './stack.ts';

const DRILL_DUE_DAYS = 90;
/** The alert that was drilled; its own label has to make room for the name of the alert that tells of it. */
const DRILLED = 'drilled';

/** What the last runs found of one system: its promises under load, and its alerts in a drill. */
export function runAlertsOf(system: System): Draft[] {
  const own = (metric: string) => selector(metric, [`${LABEL.system}=${quote(system.id)}`]);
  const ofAlert = (metric: string) => `label_replace(${own(metric)}, "${DRILLED}", "$1", "${LABEL.alertname}", "(.+)")`;
  const by = `by (${LABEL.system}, ${LABEL.environment}, ${DRILLED})`;
  return [
    {
      name: 'PromiseBrokenUnderLoad',
      severity: 'warning',
      objective: 'load-run',
      expr: `count by (system, service, environment, endpoint) (${own(RUN_METRIC.slaKept)} == 0)`,
      forMs: MINUTE_MS,
      summary: '{{ $labels.system }}/{{ $labels.service }} broke its promise under load',
      description:
        'In the last run {{ $value }} of the promises of {{ $labels.service }} {{ $labels.endpoint }} did not hold.',
      guidance: {
        meaning: `The last load run of ${system.title} found a promise broken under the expected traffic.`,
        impact: 'At the traffic that the catalogue expects, users would meet slow or failing answers.',
        checks: [
          'report.html of the run: measured value, limit and number of samples of the row.',
          'Was the same commit good before (`firedrill compare`)?',
          'Did service, database or load generator reach a limit of the machine during the run?',
        ],
        fix: 'Mend what got slower since the last good run. If the expected traffic or the limit is wrong, change the catalogue.',
      },
      shownOn: { dashboard: 'SLA and Error Budgets', panel: 'Promises in the last run' },
    },
    {
      name: 'AlertDrillFailed',
      severity: 'warning',
      objective: 'alert-drill',
      expr: `min ${by} (${ofAlert(RUN_METRIC.drillPassed)}) == 0`,
      forMs: MINUTE_MS,
      summary: 'The alert {{ $labels.drilled }} of {{ $labels.system }} failed its last drill',
      description:
        'Passed: {{ $value }}. In the last drill {{ $labels.drilled }} did not fire, came late, went to the wrong receiver or did not resolve.',
      guidance: {
        meaning: `An alert of ${system.title} did not do in the drill what it is there for.`,
        impact: 'The next real fault of that kind may reach nobody.',
        checks: [
          'drill.html of the run: how far did the alert get (pending, firing, delivered, resolved), and what was the reason?',
          'Was the rule, a route or the metric behind it changed?',
          '`firedrill audit` on the rule.',
        ],
        fix: 'Mend rule, route or metric as the reason says, and drill it again (`firedrill drill`).',
      },
      shownOn: ON_DRILLS,
    },
    {
      name: 'AlertNotDrilled',
      severity: 'info',
      objective: 'alert-drill',
      expr: `time() - max ${by} (${ofAlert(RUN_METRIC.drillTimestampSeconds)}) > ${(DRILL_DUE_DAYS * 24 * HOUR_MS) / 1_000}`,
      forMs: HOUR_MS,
      summary:
        'The alert {{ $labels.drilled }} of {{ $labels.system }} was not drilled for {{ $value | humanizeDuration }}',
      description: `The last drill of {{ $labels.drilled }} was {{ $value | humanizeDuration }} ago; ${DRILL_DUE_DAYS} days are allowed.`,
      guidance: {
        meaning: `An alert of ${system.title} has not been shown to work for ${DRILL_DUE_DAYS} days.`,
        impact: 'None yet. Services, rules and receivers change, and nobody knows whether it still works.',
        checks: [
          'Do drills of this system still run every night?',
          'Is the alert excluded from the drill, or was it renamed?',
        ],
        fix: 'Run `firedrill drill`, and schedule it.',
      },
      shownOn: ON_DRILLS,
    },
  ];
}
