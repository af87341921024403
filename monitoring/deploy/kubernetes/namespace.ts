import { COMPONENT } from '../components.ts';
import { manifest, metadata, NAMESPACE, nameLabel, type Resource } from './resource.ts';

const { prometheus, alertmanager, grafana, redisExporter, prober } = COMPONENT;

/** `00-namespace.yaml`: first in the order in which `kubectl apply -f` takes the files of a folder. */
export function namespace(): string {
  const labels = {
    // The node exporter needs the host's files and network; all else keeps to the restricted standard.
    'pod-security.kubernetes.io/enforce': 'privileged',
    'pod-security.kubernetes.io/audit': 'restricted',
  };
  return manifest([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } }]);
}

/** Who may open a connection to whom. The node exporter is in the host's network, where policies do not reach. */
const MAY_REACH: Readonly<Record<string, { port: number; from: readonly string[] }>> = {
  [prometheus.id]: { port: prometheus.port, from: [prometheus.id, grafana.id, prober.id] },
  [alertmanager.id]: { port: alertmanager.port, from: [prometheus.id, grafana.id] },
  [grafana.id]: { port: grafana.port, from: [prometheus.id] },
  [redisExporter.id]: { port: redisExporter.port, from: [prometheus.id] },
  [prober.id]: { port: prober.port, from: [prometheus.id] },
};

/** `network-policies.yaml`: nobody reaches anything in the namespace but who has to. `kubectl port-forward` comes from the node, and does. */
export function networkPolicies(): string {
  const policy = (name: string, podSelector: object, ingress: object[]): Resource => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(name),
    spec: { podSelector, policyTypes: ['Ingress'], ingress },
  });
  return manifest([
    policy('deny-ingress', {}, []),
    ...Object.entries(MAY_REACH).map(([id, { port, from }]) =>
      policy(id, { matchLabels: nameLabel(id) }, [
        {
          from: from.map((source) => ({ podSelector: { matchLabels: nameLabel(source) } })),
          ports: [{ protocol: 'TCP', port }],
        },
      ]),
    ),
  ]);
}
