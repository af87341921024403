import { COMPONENT } from '../components.ts';
import { container, manifest, metadata, nameLabel, podSecurity, type Resource, service } from './resource.ts';

const { nodeExporter, redisExporter } = COMPONENT;

/** `node-exporter.yaml`: on every node, in its network and beside its processes, with its files to read. */
export function nodeExporters(): string {
  const daemonSet: Resource = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata(nodeExporter.id),
    spec: {
      selector: { matchLabels: nameLabel(nodeExporter.id) },
      template: {
        metadata: { labels: nameLabel(nodeExporter.id) },
        spec: {
          automountServiceAccountToken: false,
          hostNetwork: true,
          hostPID: true,
          securityContext: podSecurity(),
          tolerations: [{ operator: 'Exists' }],
          containers: [
            container(nodeExporter, {
              cpu: '20m',
              memory: '64Mi',
              args: ['--path.rootfs=/host', `--web.listen-address=:${nodeExporter.port}`],
              volumeMounts: [{ name: 'root', mountPath: '/host', readOnly: true, mountPropagation: 'HostToContainer' }],
            }),
          ],
          volumes: [{ name: 'root', hostPath: { path: '/' } }],
        },
      },
    },
  };
  return manifest([daemonSet]);
}

/** `redis-exporter.yaml`: what Redis says of itself. Its address, and a password where it asks for one, from a Secret. */
export function redisExporters(): string {
  const secret = (name: string, key: string, optional: boolean) => ({
    name,
    valueFrom: { secretKeyRef: { name: redisExporter.id, key, optional } },
  });
  const deployment: Resource = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(redisExporter.id),
    spec: {
      replicas: 1,
      selector: { matchLabels: nameLabel(redisExporter.id) },
      template: {
        metadata: { labels: nameLabel(redisExporter.id) },
        spec: {
          automountServiceAccountToken: false,
          securityContext: podSecurity(),
          containers: [
            container(redisExporter, {
              cpu: '20m',
              memory: '64Mi',
              env: [secret('REDIS_ADDR', 'address', false), secret('REDIS_PASSWORD', 'password', true)],
            }),
          ],
        },
      },
    },
  };
  return manifest(
    [service(redisExporter), deployment],
    [
      'Before it is applied:',
      `  kubectl -n monitoring create secret generic ${redisExporter.id} --from-literal=address=redis://...`,
    ],
  );
}
