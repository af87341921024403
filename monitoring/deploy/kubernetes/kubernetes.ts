import type { Catalogue } from '../../../thresholds/model.ts';
import { generatedYaml } from '../../header.ts';
import type { GeneratedTexts } from '../derived-text.ts';
import { alertmanagerConfig } from '../operator/alertmanager-config.ts';
import { probes } from '../operator/probes.ts';
import { prometheusRules } from '../operator/rules.ts';
import { scrapeConfigs } from '../operator/scrape-configs.ts';

import { alertmanagerServer } from './alertmanager.ts';
import { nodeExporters, redisExporters } from './exporters.ts';
import { grafanaDashboards, grafanaServer } from './grafana.ts';
import { namespace, networkPolicies } from './namespace.ts';
import { prometheusConfig, prometheusServer } from './prometheus.ts';
import { NAMESPACE } from './resource.ts';

type Manifests = Readonly<Record<string, (catalogue: Catalogue, texts: GeneratedTexts) => string>>;

/** The manifests of the monitoring stack, by file name below `k8s/monitoring/`; `kubectl apply -f` takes them in this order. */
export const KUBERNETES_MANIFESTS: Manifests = {
  '00-namespace.yaml': namespace,
  'alertmanager.yaml': alertmanagerServer,
  'grafana-dashboards.yaml': grafanaDashboards,
  'grafana.yaml': grafanaServer,
  'network-policies.yaml': networkPolicies,
  'node-exporter.yaml': nodeExporters,
  'prometheus-config.yaml': prometheusConfig,
  'prometheus.yaml': prometheusServer,
  'redis-exporter.yaml': redisExporters,
};

/** For a cluster with the Prometheus operator, by file name below `k8s/monitoring/operator/`: it makes Prometheus's configuration of these. */
export const OPERATOR_MANIFESTS: Manifests = {
  'alertmanagerconfig.yaml': alertmanagerConfig,
  'probe.yaml': probes,
  'prometheusrule.yaml': prometheusRules,
  'scrapeconfig.yaml': scrapeConfigs,
};

/** `k8s/kustomization.yaml`: everything but the operator's resources, prober included. `kubectl apply -k` takes it, and asks for no order. */
export function kustomization(): string {
  return generatedYaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: NAMESPACE,
    resources: [...Object.keys(KUBERNETES_MANIFESTS).map((name) => `monitoring/${name}`), 'prober/prober.yaml'],
  });
}
