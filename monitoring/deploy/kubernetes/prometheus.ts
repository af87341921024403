import type { Catalogue } from '../../../thresholds/model.ts';
import { generatedYaml } from '../../header.ts';
import { derivePrometheusConfig } from '../../prometheus-config.ts';
import { COMPONENT } from '../components.ts';
import { type GeneratedTexts, generatedText } from '../derived-text.ts';
import { clusterJobs } from './cluster-jobs.ts';
import {
  configMap,
  container,
  manifest,
  metadata,
  nameLabel,
  podSecurity,
  type Resource,
  service,
  volumeClaim,
} from './resource.ts';
import { ruleParts } from './rule-parts.ts';

const { prometheus: SELF } = COMPONENT;
const CONFIG = 'prometheus-config';
const rulesName = (index: number) => `prometheus-rules-${index}`;

/** `prometheus-config.yaml`: what Prometheus reads, in ConfigMaps. Changes hold within minutes, without a restart. */
export function prometheusConfig(catalogue: Catalogue, texts: GeneratedTexts): string {
  const config = derivePrometheusConfig(catalogue, {
    ruleFiles: ['rules-*.yml'],
    stackJobs: clusterJobs(catalogue.environment),
  });
  return manifest([
    configMap(CONFIG, { 'prometheus.yml': config, 'targets.yml': generatedText(texts, 'prometheus/targets.yml') }),
    ...parts(texts).map((part, index) => configMap(rulesName(index), { 'rules.yml': generatedYaml(part) })),
  ]);
}

/** `prometheus.yaml`: Prometheus, its name, and what it may ask the cluster: pods of its namespace and the kubelets' metrics. */
export function prometheusServer(_: Catalogue, texts: GeneratedTexts): string {
  return manifest([
    serviceAccount(),
    ...accessToPods(),
    ...accessToKubelets(),
    service(SELF),
    statefulSet(parts(texts).length),
  ]);
}

function parts(texts: GeneratedTexts) {
  return ruleParts(generatedText(texts, 'prometheus/alert_rules.yml'));
}

function statefulSet(ruleMaps: number): Resource {
  const sources = [
    { configMap: { name: CONFIG } },
    ...Array.from({ length: ruleMaps }, (_, index) => ({
      configMap: { name: rulesName(index), items: [{ key: 'rules.yml', path: `rules-${index}.yml` }] },
    })),
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(SELF.id),
    spec: {
      serviceName: SELF.id,
      replicas: 1,
      selector: { matchLabels: nameLabel(SELF.id) },
      template: {
        metadata: { labels: nameLabel(SELF.id) },
        spec: {
          serviceAccountName: SELF.id,
          // What is in memory is written down first.
          terminationGracePeriodSeconds: 300,
          securityContext: podSecurity(),
          containers: [
            container(SELF, {
              cpu: '250m',
              memory: '2Gi',
              args: [
                '--config.file=/etc/prometheus/prometheus.yml',
                '--storage.tsdb.path=/prometheus',
                '--storage.tsdb.retention.time=$(RETENTION)',
                '--web.external-url=$(EXTERNAL_URL)',
                '--web.enable-remote-write-receiver',
                '--web.enable-admin-api',
                '--web.enable-lifecycle',
                '--enable-feature=auto-reload-config',
              ],
              env: [
                { name: 'RETENTION', value: '15d' },
                { name: 'EXTERNAL_URL', value: 'http://localhost:9090' },
              ],
              volumeMounts: [
                { name: 'config', mountPath: '/etc/prometheus', readOnly: true },
                { name: 'data', mountPath: '/prometheus' },
              ],
            }),
          ],
          volumes: [{ name: 'config', projected: { sources } }],
        },
      },
      volumeClaimTemplates: [volumeClaim('50Gi')],
    },
  };
}

function serviceAccount(): Resource {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(SELF.id) };
}

/** Where the node exporters are. */
function accessToPods(): Resource[] {
  return access('Role', [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }], metadata(SELF.id));
}

/** Where the nodes are, and what their kubelets say of containers. */
function accessToKubelets(): Resource[] {
  const { namespace: _, ...clusterWide } = metadata('firedrill-prometheus');
  return access(
    'ClusterRole',
    [
      { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ],
    clusterWide,
  );
}

function access(kind: 'Role' | 'ClusterRole', rules: object[], meta: Resource['metadata']): Resource[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const { name, namespace } = metadata(SELF.id);
  return [
    { apiVersion: `${apiGroup}/v1`, kind, metadata: meta, rules },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: `${kind}Binding`,
      metadata: meta,
      roleRef: { apiGroup, kind, name: meta.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}
