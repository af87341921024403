import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DaemonSet, Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { ConfigMap, Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { ruleParts } from '../../../monitoring/deploy/kubernetes/rule-parts.ts';
import { writeFiles } from '../../../scripts/stack/prometheus.ts';
import { runTool } from '../support.ts';
import { derived, TEXTS } from './support.ts';

// biome-ignore lint/suspicious/noExplicitAny: manifests of many kinds, looked at by path.
type Manifest = any;

const MODELS: Record<string, new (manifest: Manifest) => { validate(): void }> = {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  DaemonSet,
  Deployment,
  Namespace,
  NetworkPolicy,
  Role,
  RoleBinding,
  Service,
  ServiceAccount,
  StatefulSet,
};

const FOLDER = 'k8s/monitoring/';
const files = [...TEXTS.keys()].filter((path) => path.startsWith(FOLDER) && !path.includes('/operator/'));
const all: Manifest[] = files.flatMap((path) => parseAllDocuments(derived(path)).map((document) => document.toJS()));
const workloads = all.filter(({ kind }) => ['StatefulSet', 'Deployment', 'DaemonSet'].includes(kind));
const named = (kind: string, name: string): Manifest =>
  all.find((one) => one.kind === kind && one.metadata.name === name) ?? expect.fail(`no ${kind} ${name}`);
const podOf = ({ spec }: Manifest) => spec.template.spec;

describe('the manifests of the monitoring stack', () => {
  test("are as Kubernetes's own schemas have them", () => {
    expect(all.length).toBeGreaterThan(25);
    for (const one of all) {
      const Model = MODELS[one.kind];
      if (Model === undefined) throw new Error(`no model of ${one.kind}`);
      expect(() => new Model(one).validate(), `${one.kind} ${one.metadata.name}`).not.toThrow();
    }
    // They are not satisfied with anything.
    const broken = structuredClone(named('StatefulSet', 'prometheus'));
    broken.spec.template.spec.containers[0].ports[0].containerPort = 'http';
    expect(() => new StatefulSet(broken).validate()).toThrow();
  });

  test('are in one namespace, which is made first', () => {
    expect(files.sort()[0]).toBe(`${FOLDER}00-namespace.yaml`);
    const outside = all.filter(
      ({ kind, metadata }) => !/^(Namespace|ClusterRole)/.test(kind) && metadata.namespace !== 'monitoring',
    );
    expect(outside).toEqual([]);
  });

  test('no two are of one kind and name, and each is small enough for kubectl apply', () => {
    const names = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
    for (const one of all) expect(JSON.stringify(one).length, one.metadata.name).toBeLessThan(256 * 1024);
  });

  test.each(workloads.map((one) => ({ name: one.metadata.name, one })))(
    '$name may do as little as possible',
    ({ one }) => {
      const pod = podOf(one);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      if (one.metadata.name !== 'prometheus') expect(pod.automountServiceAccountToken).toBe(false);
      for (const container of pod.containers) {
        expect(container.image).toMatch(/:v?\d+\.\d+\.\d+/);
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
        for (const check of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
          expect(container[check].httpGet.port).toBe('http');
        }
      }
      expect(one.spec.selector.matchLabels).toEqual(one.spec.template.metadata.labels);
    },
  );

  test.each(workloads.map((one) => ({ name: one.metadata.name, one })))(
    '$name mounts what it declares, from what there is',
    ({ one }) => {
      const pod = podOf(one);
      const volumes = [
        ...(pod.volumes ?? []),
        ...(one.spec.volumeClaimTemplates ?? []).map((claim: Manifest) => claim.metadata),
      ];
      const mounted = pod.containers.flatMap(({ volumeMounts = [] }: Manifest) =>
        volumeMounts.map((mount: Manifest) => mount.name),
      );
      expect(new Set(mounted)).toEqual(new Set(volumes.map(({ name }) => name)));
      const sources = volumes.flatMap((volume) => volume.projected?.sources ?? [volume]);
      for (const { configMap } of sources) {
        if (configMap === undefined) continue;
        const { data } = named('ConfigMap', configMap.name);
        for (const { key } of configMap.items ?? []) expect(data, configMap.name).toHaveProperty(key);
      }
    },
  );

  test('the administrator of Grafana comes from a Secret that is not among them', () => {
    const env = podOf(named('StatefulSet', 'grafana')).containers[0].env;
    for (const name of ['GF_SECURITY_ADMIN_USER', 'GF_SECURITY_ADMIN_PASSWORD']) {
      expect(env.find((one: Manifest) => one.name === name).valueFrom.secretKeyRef).toMatchObject({ optional: false });
    }
    expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('each Service names pods that there are, and no pod takes connections unasked', () => {
    for (const { spec } of all.filter(({ kind }) => kind === 'Service')) {
      expect(workloads.map((one) => one.spec.template.metadata.labels)).toContainEqual(spec.selector);
    }
    expect(named('NetworkPolicy', 'deny-ingress').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [],
    });
    const reachable = all.filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.ingress.length > 0);
    for (const { metadata, spec } of reachable) {
      expect(
        spec.ingress.every((rule: Manifest) => rule.from.length > 0),
        metadata.name,
      ).toBe(true);
    }
  });

  test('promtool accepts what Prometheus is given', async () => {
    const given = { ...named('ConfigMap', 'prometheus-config').data };
    for (const { configMap } of podOf(named('StatefulSet', 'prometheus')).volumes[0].projected.sources) {
      for (const { key, path } of configMap.items ?? []) given[path] = named('ConfigMap', configMap.name).data[key];
    }
    const rules = Object.values(given).flatMap((text) => parse(text as string).groups ?? []);
    expect(rules).toEqual(parse(derived('prometheus/alert_rules.yml')).groups);
    // The account's files are in the pod alone, and Debian builds Prometheus without discovery in clusters.
    const text = given['prometheus.yml'].replaceAll('/var/run/secrets/kubernetes.io/serviceaccount/', '');
    const config = parse(text);
    const discovering = config.scrape_configs.filter((job: Manifest) => job.kubernetes_sd_configs !== undefined);
    expect(discovering.map((job: Manifest) => job.job_name)).toEqual(['node-exporter', 'cadvisor']);
    for (const job of discovering) delete job.kubernetes_sd_configs;
    const result = await runTool('promtool', ['check', 'config', 'prometheus.yml'], {
      ...given,
      'prometheus.yml': stringify(config),
      token: 'x',
      'ca.crt': 'x',
    });
    expect(result.ok, result.output).toBe(true);
    expect(result.output).toContain('Checking rules-0.yml');
  });

  test('Grafana is given each dashboard as it is', () => {
    for (const [path, text] of TEXTS) {
      const [, folder, file] = /^grafana\/dashboards\/([^/]+)\/(.+)$/.exec(path) ?? [];
      if (file === undefined) continue;
      expect(JSON.parse(named('ConfigMap', `grafana-dashboards-${folder}`).data[file])).toEqual(JSON.parse(text));
    }
  });

  const kubectl = hasKubectl();
  test.skipIf(!kubectl)(`kustomize builds all of it${kubectl ? '' : ' (skipped: no kubectl here)'}`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firedrill-kustomize-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    await writeFiles(dir, Object.fromEntries([...TEXTS].filter(([path]) => path.startsWith('k8s/'))));
    const built = parseAllDocuments(execFileSync('kubectl', ['kustomize', join(dir, 'k8s')], { encoding: 'utf8' }));
    const names = built.map((document) => document.toJS().metadata.name);
    expect(names.length).toBe(all.length + parseAllDocuments(derived('k8s/prober/prober.yaml')).length);
    expect(names).toContain('firedrill-prober');
  });
});

test('rules are parted between groups, and none is lost', () => {
  const text = derived('prometheus/alert_rules.yml');
  const { groups } = parse(text);
  for (const limit of [1, 20_000, 1_000_000_000]) {
    const parts = ruleParts(text, limit);
    expect(parts.flatMap((part) => part.groups)).toEqual(groups);
    if (limit === 1) expect(parts.length).toBe(groups.length);
    if (limit > 1_000_000) expect(parts.length).toBe(1);
  }
});

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
