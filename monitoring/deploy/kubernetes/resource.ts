import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { GENERATED } from '../../header.ts';
import type { Component } from '../components.ts';

/** Where all of the stack runs. */
export const NAMESPACE = 'monitoring';
/** A user that no image and no host gives a meaning. */
const USER = 65_534;

/** A resource of Kubernetes, as `kubectl apply` takes it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}

/** A file of manifests. `notes`: what to know before it is applied, one line each. */
export function manifest(resources: readonly Resource[], notes: readonly string[] = []): string {
  const head = [GENERATED, ...notes].map((line) => `# ${line}\n`).join('');
  const documents = resources.map((resource) => stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false }));
  return `${head}${documents.join('---\n')}`;
}

/** The label that resources of one part of the stack find each other by. */
export function nameLabel(id: string): Record<string, string> {
  return { 'app.kubernetes.io/name': id };
}

/** Metadata of a resource of the stack. */
export function metadata(id: string, more: Record<string, unknown> = {}): Resource['metadata'] {
  return {
    name: id,
    namespace: NAMESPACE,
    labels: { ...nameLabel(id), 'app.kubernetes.io/part-of': 'firedrill' },
    ...more,
  };
}

/** Texts under names, for pods to mount. */
export function configMap(name: string, data: Record<string, string>): Resource {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data };
}

/** The name of a part of the stack in the cluster's DNS. */
export function service({ id, port }: Component): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(id),
    spec: { selector: nameLabel(id), ports: [{ name: 'http', port, targetPort: 'http' }] },
  };
}

/** Changes whenever one of the texts does: as an annotation of pods it restarts them, where a program reads its configuration once. */
export function checksum(...texts: readonly string[]): Record<string, string> {
  return { 'firedrill/checksum': createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16) };
}

/** As little as a pod can do with. `user` is also the group of its volumes. */
export function podSecurity(user = USER): object {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** A part of the stack in its pod: what it runs, how it is asked whether it works, and what it may not. */
export function container(
  { id, image, port, readyPath, alivePath = readyPath }: Component,
  { memory, cpu, ...settings }: { memory: string; cpu: string; [key: string]: unknown },
): object {
  const asks = (path: string) => ({ httpGet: { path, port: 'http' }, timeoutSeconds: 5 });
  return {
    name: id,
    image,
    ports: [{ name: 'http', containerPort: port }],
    startupProbe: { ...asks(alivePath), periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...asks(readyPath), periodSeconds: 10 },
    livenessProbe: { ...asks(alivePath), periodSeconds: 15, failureThreshold: 6 },
    resources: { requests: { cpu, memory }, limits: { memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...settings,
  };
}

/** A disk of the pod's own. */
export function volumeClaim(storage: string): object {
  return {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  };
}
