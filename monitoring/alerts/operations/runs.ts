import type { Catalogue } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import { RUN_METRIC } from '../../../thresholds/run-names.ts';
import { quote, selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { HOUR_MS, MINUTE_MS } from './stack.ts';

/** A day and two hours: a nightly run may take its time, and clocks change. */
const OVERDUE_MS = 26 * HOUR_MS;
const RUNS = { [LABEL.service]: 'nightly' };
const BY_ENVIRONMENT = `by (${LABEL.environment})`;

/** Whether the regular runs take place, and what they say. What a run found of a system is that system's own affair. */
export function runAlerts({ environment }: Catalogue): Draft[] {
  const finished = RUN_METRIC.finishedTimestampSeconds;
  const outcome = (of: string) => selector(RUN_METRIC.outcome, [of]);
  const common = { labels: RUNS, objective: 'nightly', shownOn: { dashboard: 'Load Runs', panel: 'Last run' } };
  return [
    {
      ...common,
      name: 'NightlyFailed',
      severity: 'warning',
      expr: `max by (${LABEL.environment}, outcome) (${outcome('outcome=~"fail|broken"')}) == 1`,
      forMs: MINUTE_MS,
      summary: 'The last run of {{ $labels.environment }} ended with "{{ $labels.outcome }}"',
      description:
        'Outcome "{{ $labels.outcome }}" ({{ $value }} means: the last run). fail: a promise is broken or an alert does not work; broken: firedrill itself could not look.',
      guidance: {
        meaning: 'The last run of firedrill looked and found a broken promise (fail), or could not look (broken).',
        impact: 'fail: users meet what the run met. broken: nobody knows whether promises and alerts hold.',
        checks: [
          'report.html or summary.md of the run: the first rows are the worst, each with its evidence.',
          'broken: the reason names the tool, port or process that failed.',
          '`firedrill compare` with the last good run.',
        ],
        fix: 'Mend what the worst row names, then run again. A promise that is wrong is changed in the catalogue, not in the run.',
      },
    },
    {
      ...common,
      name: 'NightlyInconclusive',
      severity: 'warning',
      // Inconclusive for longer than a day, and a further run ended meanwhile: twice in a row.
      expr:
        `min ${BY_ENVIRONMENT} (min_over_time(${outcome('outcome="inconclusive"')}[25h])) == 1\n` +
        `and max ${BY_ENVIRONMENT} (changes(${finished}[25h])) >= 1`,
      forMs: 5 * MINUTE_MS,
      summary: 'Runs of {{ $labels.environment }} were inconclusive twice',
      description:
        'Two runs in a row could not be judged ({{ $value }} means: inconclusive for over a day): too few samples, a saturated generator or a spent budget.',
      guidance: {
        meaning: 'Twice in a row a run looked, and what it saw was too little or too disturbed to judge.',
        impact: 'Promises are unproven for two days.',
        checks: [
          'The reasons of the inconclusive rows: too few samples, a saturated generator, a lagging event loop, a spent budget.',
          'Does something else run on that machine at night?',
        ],
        fix: 'Give the run more time, a quieter machine or a larger budget, as the reason says.',
      },
    },
    {
      ...common,
      name: 'NightlyMissing',
      severity: 'warning',
      expr: `time() - max ${BY_ENVIRONMENT} (${finished}) > ${OVERDUE_MS / 1_000}`,
      forMs: 10 * MINUTE_MS,
      summary: 'No run of {{ $labels.environment }} for {{ $value | humanizeDuration }}',
      description: `The last run ended {{ $value | humanizeDuration }} ago; one is due every day, and ${OVERDUE_MS / HOUR_MS} hours are allowed.`,
      guidance: {
        meaning: 'The run of the last night did not take place, did not end, or its figures did not arrive.',
        impact: 'Broken promises and alerts stay unnoticed until somebody meets them.',
        checks: [
          'Did the scheduled job start, and what does its log say last?',
          'Does it hang before its end, for instance for a lock of another run?',
          'Are its metrics (metrics.prom in the results) handed to Prometheus?',
        ],
        fix: 'Start it by hand (`firedrill nightly`), then mend the schedule.',
      },
    },
    {
      ...common,
      name: 'NightlyNeverSeen',
      severity: 'warning',
      expr: `absent(${selector(finished, [`${LABEL.environment}=${quote(environment)}`])})`,
      forMs: OVERDUE_MS,
      summary: 'Prometheus has no run of {{ $labels.environment }} at all',
      description: `For ${OVERDUE_MS / HOUR_MS} hours there was nothing of any run: alerts on runs cannot fire.`,
      guidance: {
        meaning: 'No figures of any run are in Prometheus, so that the other alerts on runs are blind.',
        impact: 'A failing nightly run would not be told.',
        checks: [
          'Is a nightly run scheduled for this environment?',
          'Are its metrics (metrics.prom in the results) handed to Prometheus?',
        ],
        fix: 'Schedule `firedrill nightly`, and have the prober or remote write hand its metrics on.',
      },
    },
  ];
}
