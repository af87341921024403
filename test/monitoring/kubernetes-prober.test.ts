import { StatefulSet } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { deriveKubernetesProber } from '../../monitoring/kubernetes-prober.ts';

const [service, statefulSet] = parseAllDocuments(deriveKubernetesProber()).map((document) => document.toJS());
const pod = statefulSet.spec.template.spec;
const [container] = pod.containers;

describe('the prober on Kubernetes', () => {
  it("is as Kubernetes's own schemas have it", () => {
    new Service(service).validate();
    new StatefulSet(statefulSet).validate();
    // They are not satisfied with anything.
    expect(() =>
      new StatefulSet({ ...statefulSet, spec: { ...statefulSet.spec, replicas: 'two' } }).validate(),
    ).toThrow();
  });

  it('shares the targets among its pods by their ordinal', () => {
    const env = Object.fromEntries(container.env.map((each: { name: string; value?: string }) => [each.name, each]));
    expect(container.args).toContain('--shard=$(SHARD)/$(SHARDS)');
    expect(Number(env.SHARDS.value)).toBe(statefulSet.spec.replicas);
    expect(env.SHARD.valueFrom.fieldRef.fieldPath).toBe("metadata.labels['apps.kubernetes.io/pod-index']");
  });

  it('names only variables, volumes and ports that it declares', () => {
    const declared = container.env.map(({ name }: { name: string }) => name);
    const used = [...container.args.join(' ').matchAll(/\$\((\w+)\)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(declared));
    const volumes = [
      ...pod.volumes,
      ...statefulSet.spec.volumeClaimTemplates.map((claim: { metadata: object }) => claim.metadata),
    ];
    const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(new Set(mounted)).toEqual(new Set(volumes.map(({ name }) => name)));
    expect(service.spec.selector).toEqual(statefulSet.spec.template.metadata.labels);
    expect(statefulSet.spec.serviceName).toBe(service.metadata.name);
  });

  it('may do as little as possible', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
  });
});
