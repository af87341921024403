import type { Catalogue, ProbeKindName, Service } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import { successLimit } from '../limits.ts';
import type { Disturbance, PanelSpec } from '../spec.ts';
import { dashboardUid } from '../systems/system-dashboard.ts';
import type { OwnDashboard } from './own-dashboard.ts';
import { KIND_PANELS } from './probe-kinds.ts';
import { proberPanels } from './prober.ts';
import { quantileBy, series } from './series.ts';

const WEEK_SECONDS = 604_800;

/** What the prober sees of every target, and of itself. */
export const PROBES: OwnDashboard = {
  title: 'Probes',
  file: 'probes.json',
  description: 'What the prober sees of every service, from outside.',
  subject: PROBE_METRIC.success,
  panels(catalogue) {
    const services = catalogue.systems.flatMap((system) => system.services);
    const http = firstOf(catalogue, 'http');
    return [
      ...(http === null ? [] : commonPanels(services, http)),
      ...(Object.keys(KIND_PANELS) as ProbeKindName[]).flatMap((kind) => {
        const first = firstOf(catalogue, kind);
        return first === null ? [] : KIND_PANELS[kind](first);
      }),
      ...proberPanels(),
    ];
  },
};

/** Slows down the first service that is probed by a kind. */
function firstOf(catalogue: Catalogue, kind: ProbeKindName): Disturbance | null {
  for (const { services } of catalogue.systems) {
    const found = services.find(({ probe }) => probe.kind === kind);
    if (found !== undefined) return { system: found.system, service: found.id, kind: 'slow', delayMs: 300 };
  }
  return null;
}

function commonPanels(services: readonly Service[], slow: Disturbance): PanelSpec[] {
  const down: Disturbance = { ...slow, kind: 'down' };
  const [success, runs] = [`${PROBE_METRIC.allSuccess}_sum`, `${PROBE_METRIC.allSuccess}_count`];
  return [
    {
      title: 'Targets',
      visualisation: 'grid',
      description: 'Confirmed state of each target.',
      unit: 'none',
      width: 24,
      height: 10,
      limits: { breach: 'below', critical: 1 },
      texts: { '1': { text: 'up', color: 'green' }, '0': { text: 'down', color: 'red' } },
      details: dashboardUid('firedrill', 'SLA and Error Budgets'),
      queries: [{ expr: `min by (target) (${series(PROBE_METRIC.state)})`, legend: '{{target}}' }],
      shows: down,
    },
    {
      title: 'Success of probes',
      visualisation: 'rank',
      description: 'Share of good runs in the chosen time; runs in planned windows count neither way.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      height: 12,
      limits: successLimit(services),
      queries: [
        {
          expr:
            `sort(sum by (target) (increase(${series(success)}[$__range])) / ` +
            `(sum by (target) (increase(${series(runs)}[$__range])) > 0))`,
          legend: '{{target}}',
        },
      ],
      shows: down,
    },
    {
      title: 'Duration of probes',
      visualisation: 'line',
      description: 'How long the last run of each target took, and the time within which 95 % of all runs ended.',
      unit: 's',
      height: 12,
      queries: [
        { expr: `max by (target) (${series(PROBE_METRIC.durationSeconds)})`, legend: '{{target}}' },
        { expr: quantileBy(0.95, [], PROBE_METRIC.allDurationSeconds), legend: 'p95 of all' },
      ],
      shows: slow,
    },
    {
      title: 'Failures by reason',
      visualisation: 'table',
      description: 'Runs in the chosen time that failed or could not be judged.',
      unit: 'short',
      decimals: 0,
      emptyWhenHealthy: 'no run fails while all is well',
      queries: [
        {
          expr: `round(sum by (target, outcome, reason) (increase(${series(PROBE_METRIC.resultsTotal, [
            'outcome!="success"',
          ])}[$__range]))) > 0`,
          legend: 'runs',
        },
      ],
      shows: down,
    },
    ...certificatePanel(services),
  ];
}

/** None where no service is encrypted. Its disturbance: the certificate of the first of them expires. */
function certificatePanel(services: readonly Service[]): PanelSpec[] {
  const first = services.find(({ address }) => (address.kind === 'fleet' ? address.tls : /^https:/.test(address.url)));
  if (first === undefined) return [];
  return [
    {
      title: 'Certificates',
      visualisation: 'rank',
      description: 'Time until the first certificate of the chain expires.',
      unit: 's',
      min: 0,
      limits: { breach: 'below', warning: 2 * WEEK_SECONDS, critical: WEEK_SECONDS },
      queries: [{ expr: `sort(${series(PROBE_METRIC.sslEarliestCertExpiry)} - time())`, legend: '{{target}}' }],
      shows: { system: first.system, service: first.id, kind: 'expired-certificate' },
    },
  ];
}
