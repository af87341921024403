import type { Catalogue, ProbeSpec, System } from '../../../thresholds/model.ts';
import { FIREDRILL_JOB, LABEL } from '../../../thresholds/names.ts';
import { COMPONENT } from '../components.ts';
import { manifest, metadata, type Resource } from '../kubernetes/resource.ts';

/** Kinds that the prober runs on its schedule alone: money is spent beside the budget else, or somebody else's call waited for. */
const ON_SCHEDULE: ReadonlySet<ProbeSpec['kind']> = new Set(['llm', 'heartbeat']);

/** `probe.yaml`: each target of the catalogue, asked of the prober at each scrape. */
export function probes({ systems, environment }: Catalogue): string {
  return manifest(
    systems
      .map((system) => probe(system, environment))
      .filter(({ targets }) => targets.length > 0)
      .map(({ resource }) => resource),
    [
      'In place of what the prober pushes: one Prometheus gets one of the two. The prober then runs with one replica and without --remote-write.',
    ],
  );
}

function probe({ id, services }: System, environment: string): { targets: string[]; resource: Resource } {
  const targets = services.flatMap(({ target, probe: own, furtherProbes }) => [
    ...(ON_SCHEDULE.has(own.kind) ? [] : [target]),
    ...[...furtherProbes].flatMap(([name, { kind }]) => (ON_SCHEDULE.has(kind) ? [] : [`${target}/${name}`])),
  ]);
  const { id: prober, port } = COMPONENT.prober;
  const resource = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Probe',
    metadata: metadata(`firedrill-${id}`),
    spec: {
      jobName: FIREDRILL_JOB,
      interval: '30s',
      scrapeTimeout: '25s',
      prober: { url: `${prober}:${port}`, path: '/probe' },
      authorization: { credentials: { name: prober, key: 'token' } },
      targets: {
        staticConfig: {
          static: targets,
          labels: { [LABEL.system]: id, [LABEL.environment]: environment },
          relabelingConfigs: [
            { sourceLabels: ['__param_target'], targetLabel: LABEL.target, action: 'replace' },
            {
              sourceLabels: ['__param_target'],
              regex: '[^/]+/([^/]+).*',
              targetLabel: LABEL.service,
              replacement: '$1',
              action: 'replace',
            },
          ],
        },
      },
    },
  };
  return { targets, resource };
}
