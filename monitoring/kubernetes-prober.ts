import { stringify } from 'yaml';
import { GENERATED } from './header.ts';

/** Shards: each pod probes its part of the targets. To change it, change `replicas` and `SHARDS` together. */
const SHARDS = 2;
const NAME = 'firedrill-prober';
const PORT = 9115;
const LABELS = { 'app.kubernetes.io/name': NAME };
/** A user that no image and no host gives a meaning. */
const USER = 65_532;

/**
 * The prober on Kubernetes (1.28 or later, which gives a pod its ordinal as a label): a StatefulSet whose pods share the targets by their
 * ordinal, and the Service that names them. The catalogue comes from a ConfigMap, and a new version of it is taken up without a
 * restart; the credentials of its pages from a Secret. The environment's own values stand in the variables at the top.
 */
export function deriveKubernetesProber(): string {
  const documents = [service(), statefulSet()];
  const text = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  return `# ${GENERATED}
# Before it is applied:
#   kubectl create configmap firedrill-catalogue --from-file=thresholds/catalogue
#   kubectl create secret generic ${NAME} --from-literal=token=...
# The image is named by whoever builds it, for instance with kustomize's images:.
${text.join('---\n')}`;
}

function service() {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, labels: LABELS },
    // Headless: each pod has targets of its own, so that there is nothing to balance.
    spec: { clusterIP: 'None', selector: LABELS, ports: [{ name: 'http', port: PORT, targetPort: 'http' }] },
  };
}

function statefulSet() {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      serviceName: NAME,
      replicas: SHARDS,
      // No pod waits for another: they have nothing in common.
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: podSpec() },
      volumeClaimTemplates: [
        {
          metadata: { name: 'state' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
        },
      ],
    },
  };
}

function podSpec() {
  return {
    automountServiceAccountToken: false,
    // The last samples leave within twenty seconds.
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'prober',
        image: 'firedrill',
        imagePullPolicy: 'IfNotPresent',
        command: ['firedrill'],
        args: [
          'probe',
          '--catalogue=/etc/firedrill/catalogue',
          '--environment=$(FIREDRILL_ENVIRONMENT)',
          '--location=$(FIREDRILL_LOCATION)',
          '--shard=$(SHARD)/$(SHARDS)',
          '--remote-write=$(REMOTE_WRITE_URL)',
          '--state=/var/lib/firedrill/state',
          '--spool=/var/lib/firedrill/spool',
          `--listen=0.0.0.0:${PORT}`,
          '--auth=bearer=file:/etc/firedrill/credentials/token',
        ],
        env: [
          { name: 'FIREDRILL_ENVIRONMENT', value: 'prod' },
          { name: 'FIREDRILL_LOCATION', value: 'cluster' },
          { name: 'REMOTE_WRITE_URL', value: 'http://prometheus:9090/api/v1/write' },
          { name: 'SHARDS', value: String(SHARDS) },
          {
            name: 'SHARD',
            valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
          },
        ],
        ports: [{ name: 'http', containerPort: PORT }],
        // The page that answers without credentials: what asks here has none.
        startupProbe: { httpGet: { path: '/-/healthy', port: 'http' }, periodSeconds: 2, failureThreshold: 30 },
        livenessProbe: {
          httpGet: { path: '/-/healthy', port: 'http' },
          periodSeconds: 15,
          timeoutSeconds: 5,
          failureThreshold: 4,
        },
        readinessProbe: { httpGet: { path: '/-/healthy', port: 'http' }, periodSeconds: 5, timeoutSeconds: 5 },
        // Ten thousand targets take 300 MB and a quarter of a processor; a limit on the latter would only delay measurements.
        resources: { requests: { cpu: '250m', memory: '300Mi' }, limits: { memory: '512Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'catalogue', mountPath: '/etc/firedrill/catalogue', readOnly: true },
          { name: 'credentials', mountPath: '/etc/firedrill/credentials', readOnly: true },
          { name: 'state', mountPath: '/var/lib/firedrill' },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'catalogue', configMap: { name: 'firedrill-catalogue' } },
      { name: 'credentials', secret: { secretName: NAME } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
}
