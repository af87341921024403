import type { System } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import { downByQuorum } from '../../conditions/location-quorum.ts';
import { selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { BY_TARGET, type Probed, probedTargets, systemMatcher, targetMatchers } from './targets.ts';

const MINUTE_MS = 60_000;
/** Of its time-out: where a probe names no limit of its own, it is close to failing above this. */
const NEAR_TIMEOUT = 0.8;

/** Right for one location and for many: more than half of those that know the state say that it is down. */
const QUORUM = { share: 0.5, minLocations: 1 };

/** Down, slow, or nobody can tell: what every kind of probe sees. */
export function availabilityAlerts(system: System): Draft[] {
  const own = systemMatcher(system);
  const results = (further: string[]) =>
    `sum ${BY_TARGET} (increase(${selector(PROBE_METRIC.resultsTotal, [own, ...further])}[15m]))`;
  return [
    {
      name: 'ProbeFailing',
      severity: 'critical',
      objective: 'probe',
      expr: downByQuorum([own], QUORUM),
      // The state is confirmed by repeated looks already.
      forMs: MINUTE_MS,
      summary: '{{ $labels.target }} fails its probe',
      description:
        'From {{ $value }} location(s), which is more than half, {{ $labels.target }} did not answer as promised, again and again.',
      guidance: {
        meaning: `A service of ${system.title} does not answer from outside as the catalogue says, confirmed by repeated looks and outside planned windows.`,
        impact: 'Users meet what the probe meets: no answer, a wrong one, or one that comes too late.',
        checks: [
          'The reason of the last runs: dashboard Probes, "Failures by reason", or the status page of the prober.',
          'Does ServiceDown fire too? Then the process is away, not only the way to it.',
          'refused or timeout: process, port, network; tls: certificate; status or content: the log of the service.',
          'Was the service or the expectation in the catalogue changed just now?',
        ],
        fix: 'Bring the service back or roll back the last change. If it answers rightly and the expectation is old, mend the catalogue.',
      },
      consequences: ['ProbeDegraded'],
      shownOn: { dashboard: 'Probes', panel: 'Targets' },
    },
    {
      name: 'ProbeDegraded',
      severity: 'warning',
      objective: 'probe',
      expr: degraded(system),
      forMs: 10 * MINUTE_MS,
      summary: '{{ $labels.target }} answers its probe slowly',
      description:
        'Over 10 minutes {{ $labels.target }} took {{ $value | humanize }} times the limit above which its answers count as slow.',
      guidance: {
        meaning:
          `A service of ${system.title} answers rightly and too slowly: above the limit that its probe names (degradedAbove), or else ` +
          `above ${NEAR_TIMEOUT * 100} % of the time-out of the probe.`,
        impact: 'Users wait. A little slower, and the probe fails.',
        checks: [
          'Which phase takes the time (dashboard Probes, phases of its kind): name resolution, connection, TLS, or the service?',
          'Is the traffic or the load of the machine unusual?',
          'Are other services slow from the same prober? Then look at the network of the prober.',
        ],
        fix: 'Mend the slow phase: resolver, network, or the service and what it calls.',
      },
      shownOn: { dashboard: 'Probes', panel: 'Duration of probes' },
    },
    {
      name: 'ProbeUnknown',
      severity: 'warning',
      objective: 'probe',
      expr: `${results(['outcome="unknown"'])}\n/ (${results([])} > 0)\n> 0.5`,
      forMs: 10 * MINUTE_MS,
      summary: 'Nobody can tell how {{ $labels.target }} is',
      description:
        '{{ $value | humanizePercentage }} of the probes of {{ $labels.target }} in the last 15 minutes could not be judged.',
      guidance: {
        meaning:
          'The prober itself could not look: its event loop lagged, its own network was away, a credential is missing, or a budget is spent.',
        impact: 'ProbeFailing cannot fire for this target. Unknown is neither up nor down.',
        checks: [
          'Do other targets of the same prober have it too? Then it is the prober: processor, network, time.',
          'Only this one: credentials of the probe, or a spent budget of paid probes.',
          'The log of the prober says why.',
        ],
        fix: 'Give the prober what it lacks: processor, network, credential, budget.',
      },
      shownOn: { dashboard: 'Probes', panel: 'Failures by reason' },
    },
  ];
}

/** Mean durations as multiples of the limit of each target. */
function degraded(system: System): string {
  const targets = probedTargets(system);
  const limited = targets.filter(({ spec }) => spec.degradedAboveMs !== null);
  const mean = (matchers: readonly string[]) =>
    `avg ${BY_TARGET} (avg_over_time(${selector(PROBE_METRIC.durationSeconds, matchers)}[10m]))`;
  const ofOwn = (one: Probed) => `${mean(targetMatchers(one))} / ${(one.spec.degradedAboveMs ?? 0) / 1_000} > 1`;
  const others = [systemMatcher(system), ...limited.map(({ target }) => `target!=${JSON.stringify(target)}`)];
  const timeout = `max ${BY_TARGET} (${selector(PROBE_METRIC.timeoutSeconds, others)})`;
  return [
    ...(limited.length < targets.length ? [`${mean(others)} / (${NEAR_TIMEOUT} * ${timeout}) > 1`] : []),
    ...limited.map(ofOwn),
  ].join('\nor\n');
}
