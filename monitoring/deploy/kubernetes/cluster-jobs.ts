import { COMPONENT, componentJob, type ScrapeJob, stackLabels } from '../components.ts';
import { NAMESPACE } from './resource.ts';

const { prometheus, alertmanager, grafana, nodeExporter, cadvisor, redisExporter } = COMPONENT;
/** Of the pod's own account in the cluster. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Scrape jobs of the stack in a cluster: one of each server, and of what runs on every node all of them. */
export function clusterJobs(environment: string): ScrapeJob[] {
  return [
    ...[prometheus, alertmanager, grafana, redisExporter].map((component) => componentJob(component, environment)),
    nodeExporters(environment),
    kubelets(environment),
  ];
}

function nodeExporters(environment: string): ScrapeJob {
  return {
    job_name: nodeExporter.id,
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [NAMESPACE] } }],
    relabel_configs: [
      { source_labels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: nodeExporter.id, action: 'keep' },
      { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'instance', action: 'replace' },
      ...identity(nodeExporter.id, environment),
    ],
  };
}

/** The kubelet has cAdvisor in it. */
function kubelets(environment: string): ScrapeJob {
  return {
    job_name: cadvisor.id,
    scheme: 'https',
    metrics_path: '/metrics/cadvisor',
    kubernetes_sd_configs: [{ role: 'node' }],
    authorization: { credentials_file: `${ACCOUNT}/token` },
    // Kubelets sign their own certificates unless a cluster is set up otherwise.
    tls_config: { ca_file: `${ACCOUNT}/ca.crt`, insecure_skip_verify: true },
    relabel_configs: identity(cadvisor.id, environment),
  };
}

function identity(service: string, environment: string): object[] {
  return Object.entries(stackLabels(service, environment)).map(([target_label, replacement]) => ({
    target_label,
    replacement,
    action: 'replace',
  }));
}
