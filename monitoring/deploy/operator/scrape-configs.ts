import type { Catalogue } from '../../../thresholds/model.ts';
import { hashPersonalLabels } from '../../personal-data.ts';
import { deriveTargets, type TargetGroup, TLS_LABEL, tlsProfiles } from '../../targets.ts';
import { manifest, metadata, type Resource } from '../kubernetes/resource.ts';
import { camelCase } from './camel-case.ts';

/** The ConfigMap that holds certificates of authorities that services name, each under its file name. */
const AUTHORITIES = 'firedrill-authorities';

/** `scrapeconfig.yaml`: the services of the catalogue, one resource for all that are scraped in the same way. */
export function scrapeConfigs(catalogue: Catalogue): string {
  const ways = new Map<string, { group: TargetGroup; members: TargetGroup[] }>();
  for (const group of deriveTargets(catalogue)) {
    const way = JSON.stringify(Object.entries(group.labels).filter(([name]) => name.startsWith('__')));
    const known = ways.get(way) ?? { group, members: [] };
    known.members.push(group);
    ways.set(way, known);
  }
  return manifest(
    [...ways.values()].map(({ group, members }, index) =>
      scrapeConfig(`firedrill-services-${index}`, group, members, catalogue),
    ),
  );
}

function scrapeConfig(
  name: string,
  { labels }: TargetGroup,
  members: readonly TargetGroup[],
  catalogue: Catalogue,
): Resource {
  const parameters = Object.entries(labels).filter(([label]) => label.startsWith('__param_'));
  const { caFile, insecure } = tlsProfiles(catalogue, null).get(labels[TLS_LABEL] ?? '') ?? {
    caFile: null,
    insecure: false,
  };
  return {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'ScrapeConfig',
    metadata: metadata(name),
    spec: {
      scheme: labels.__scheme__,
      metricsPath: labels.__metrics_path__,
      ...(parameters.length === 0
        ? {}
        : {
            params: Object.fromEntries(parameters.map(([label, value]) => [label.slice('__param_'.length), [value]])),
          }),
      ...(labels.__scrape_interval__ === undefined
        ? {}
        : { scrapeInterval: labels.__scrape_interval__, scrapeTimeout: labels.__scrape_timeout__ }),
      ...(caFile === null && !insecure
        ? {}
        : {
            tlsConfig: {
              ...(insecure ? { insecureSkipVerify: true } : {}),
              ...(caFile === null
                ? {}
                : { ca: { configMap: { name: AUTHORITIES, key: caFile.slice(caFile.lastIndexOf('/') + 1) } } }),
            },
          }),
      staticConfigs: members.map((member) => ({
        targets: member.targets,
        labels: Object.fromEntries(Object.entries(member.labels).filter(([label]) => !label.startsWith('__'))),
      })),
      metricRelabelings: hashPersonalLabels().map(camelCase),
    },
  };
}
