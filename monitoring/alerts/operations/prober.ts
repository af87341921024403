import type { Catalogue } from '../../../thresholds/model.ts';
import { FIREDRILL_JOB, LABEL, PROBE_METRIC, PROBER_METRIC } from '../../../thresholds/names.ts';
import { quote, selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { MINUTE_MS } from './stack.ts';

/** A prober's series of itself belong to no service: the label says what they are, beside the environment that they carry. */
const PROBER = { [LABEL.service]: 'prober' };
const OWN = [LABEL.environment, LABEL.location, LABEL.instance].join(', ');
/** A bound of the histogram of delays, and not its last: above that one no quantile is ever seen. */
const LATE_SECONDS = 1;

const prober = (metric: string, further: readonly string[] = []) =>
  selector(metric, [`${LABEL.job}=${quote(FIREDRILL_JOB)}`, ...further]);

/** Whether the prober looks, in time, and is heard. */
export function proberAlerts({ environment }: Catalogue): Draft[] {
  const common = { labels: PROBER, shownOn: { dashboard: 'Probes', panel: 'Prober: runs' } };
  return [
    {
      ...common,
      name: 'ProberSilent',
      severity: 'critical',
      objective: 'prober',
      expr: `absent(${prober(PROBE_METRIC.online, [`${LABEL.environment}=${quote(environment)}`])})`,
      forMs: 5 * MINUTE_MS,
      summary: 'No prober is heard',
      description:
        'Prometheus has nothing from any prober of {{ $labels.environment }}: no probe of any system is under way.',
      guidance: {
        meaning: 'Neither a push nor a scrape brings anything from a prober.',
        impact:
          'Alerts on probes cannot fire, however bad things are. Services without metrics of their own are not watched at all.',
        checks: [
          'Is the prober running? What does its log say last?',
          'Pushed: does Prometheus take remote write (`--web.enable-remote-write-receiver`), and is its address right?',
          'Pulled: is the job up?',
        ],
        fix: 'Start the prober or mend the way to Prometheus. With a spool on disk it sends what it saw meanwhile.',
      },
    },
    {
      ...common,
      name: 'ProberLate',
      severity: 'warning',
      objective: 'prober',
      expr: `histogram_quantile(0.99, sum by (le, ${OWN}) (rate(${prober(`${PROBE_METRIC.scheduleLagSeconds}_bucket`)}[5m]))) > ${LATE_SECONDS}`,
      forMs: 10 * MINUTE_MS,
      summary: 'Probes start {{ $value | humanizeDuration }} late',
      description: `1 % of the runs of the last 5 minutes started {{ $value | humanizeDuration }} or more after they were due; ${LATE_SECONDS} s are the limit.`,
      guidance: {
        meaning: 'The prober has more to do than it can: runs wait for processor or for a place under its caps.',
        impact:
          'Outages are noticed later than the intervals promise, and measured times hold the waiting of the prober itself.',
        checks: [
          'Processor of the prober, and probe_event_loop_lag_seconds.',
          'probe_runs_waiting: do hanging targets take up the places?',
          'Did the number of targets grow?',
        ],
        fix: 'Give it more processor, split the targets over several probers (--shard), or lengthen intervals.',
      },
    },
    {
      ...common,
      name: 'ProberSkippingRuns',
      severity: 'warning',
      objective: 'prober',
      expr: `sum by (${OWN}, reason) (increase(${prober(PROBE_METRIC.runsSkippedTotal)}[15m])) > 0`,
      forMs: 15 * MINUTE_MS,
      summary: 'Due probes are left out ({{ $labels.reason }})',
      description: '{{ $value | humanize }} due runs did not take place in the last 15 minutes: {{ $labels.reason }}.',
      guidance: {
        meaning: 'Runs were due while the one before was still under way, or could not be started in time.',
        impact: 'Some targets are looked at less often than promised.',
        checks: ['Which targets take as long as their interval?', 'Processor and event loop of the prober.'],
        fix: 'Shorten time-outs below the intervals, or split the targets over several probers.',
      },
    },
    {
      ...common,
      name: 'ProberDroppingSamples',
      severity: 'warning',
      objective: 'prober-delivery',
      expr: `sum by (${OWN}, reason) (increase(${prober(PROBE_METRIC.droppedSamplesTotal)}[15m])) > 0`,
      forMs: 5 * MINUTE_MS,
      summary: 'Results of probes are lost ({{ $labels.reason }})',
      description:
        '{{ $value | humanize }} samples of the prober were lost in the last 15 minutes: {{ $labels.reason }}.',
      guidance: {
        meaning: 'What the prober saw could not be handed to Prometheus and was thrown away.',
        impact: 'Probe series have gaps; shares over the time of the loss are wrong.',
        checks: [
          'The reason: a full queue is a receiver that is away, a refusal names a status code in the log of the prober.',
          'Does Prometheus take remote write, and are its clock and that of the prober the same?',
        ],
        fix: 'Bring the receiver back. Give the prober a spool on disk, so that an outage costs nothing.',
      },
    },
    {
      ...common,
      name: 'ProberOffline',
      severity: 'critical',
      objective: 'prober',
      expr: `min by (${OWN}) (${prober(PROBE_METRIC.online)}) == 0`,
      forMs: 5 * MINUTE_MS,
      summary: 'The prober has no network',
      description:
        'The prober reaches none of the addresses that stand for the network (online: {{ $value }}). Its failures say nothing of their targets and are counted as unknown.',
      guidance: {
        meaning: 'None of the addresses under `connectivity` takes a connection from where the prober stands.',
        impact: 'Nothing can be said of any target from there.',
        checks: [
          'Network, name resolution and firewall of the host of the prober.',
          'Do the addresses under `connectivity` still exist?',
        ],
        fix: 'Mend the network of the prober. With several locations the others still judge.',
      },
    },
    {
      ...common,
      name: 'ProberReloadFailed',
      severity: 'warning',
      objective: 'prober',
      expr: `min by (${OWN}) (${prober(PROBER_METRIC.reloadSuccessful)}) == 0`,
      forMs: 10 * MINUTE_MS,
      summary: 'The prober runs on an old catalogue',
      description:
        'The last reload of the catalogue failed (successful: {{ $value }}). New services and limits are not probed.',
      guidance: {
        meaning: 'The prober could not load the changed catalogue and goes on with the one before.',
        impact: 'Changes of the catalogue have no effect on probes, and after a restart the prober does not come up.',
        checks: ['`firedrill check` on the catalogue as it is mounted.', 'The log of the prober at the last reload.'],
        fix: 'Mend what the check names and reload.',
      },
    },
  ];
}
