import type { Catalogue } from '../../../thresholds/model.ts';
import { DASHBOARDS_FOLDER } from '../../dashboards/provisioning.ts';
import { COMPONENT } from '../components.ts';
import { type GeneratedTexts, generatedText } from '../derived-text.ts';
import {
  checksum,
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

const { grafana: SELF } = COMPONENT;
/** The user of Grafana's image, whom its files belong to. */
const USER = 472;
const CONFIG = 'grafana-config';
const PROVISIONING = {
  'datasources.yaml': 'grafana/provisioning/datasources/datasources.yaml',
  'dashboards.yaml': 'grafana/provisioning/dashboards/dashboards.yaml',
};

/** `grafana-dashboards.yaml`: the dashboards, one ConfigMap a folder. Grafana takes up changes by itself. */
export function grafanaDashboards(_: Catalogue, texts: GeneratedTexts): string {
  return manifest(
    folders(texts).map((folder) => {
      const prefix = `grafana/dashboards/${folder}/`;
      const files = [...texts].filter(([path]) => path.startsWith(prefix));
      // On one line: an indented dashboard is twice as long, and a ConfigMap holds so much and no more.
      const data = files.map(([path, text]) => [path.slice(prefix.length), JSON.stringify(JSON.parse(text))]);
      return configMap(dashboardsName(folder), Object.fromEntries(data));
    }),
  );
}

/** `grafana.yaml`: Grafana, its configuration, and its administrator from a Secret that nothing derives. */
export function grafanaServer(_: Catalogue, texts: GeneratedTexts): string {
  const data = {
    'grafana.ini': generatedText(texts, 'grafana/grafana.ini'),
    ...Object.fromEntries(Object.entries(PROVISIONING).map(([key, path]) => [key, generatedText(texts, path)])),
  };
  return manifest(
    [configMap(CONFIG, data), service(SELF), statefulSet(folders(texts), checksum(...Object.values(data)))],
    [
      'Before it is applied:',
      '  kubectl -n monitoring create secret generic grafana-admin --from-literal=user=... --from-literal=password=...',
    ],
  );
}

function folders(texts: GeneratedTexts): string[] {
  return [...new Set([...texts.keys()].flatMap((path) => /^grafana\/dashboards\/([^/]+)\//.exec(path)?.[1] ?? []))];
}

function dashboardsName(folder: string): string {
  return `grafana-dashboards-${folder}`;
}

function statefulSet(dashboardFolders: readonly string[], annotations: Record<string, string>): Resource {
  const admin = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: 'grafana-admin', key, optional: false } },
  });
  const file = (key: string, mountPath: string) => ({ name: 'config', mountPath, subPath: key, readOnly: true });
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(SELF.id),
    spec: {
      serviceName: SELF.id,
      replicas: 1,
      selector: { matchLabels: nameLabel(SELF.id) },
      template: {
        metadata: { labels: nameLabel(SELF.id), annotations },
        spec: {
          automountServiceAccountToken: false,
          securityContext: podSecurity(USER),
          containers: [
            container(SELF, {
              cpu: '100m',
              memory: '512Mi',
              env: [
                admin('GF_SECURITY_ADMIN_USER', 'user'),
                admin('GF_SECURITY_ADMIN_PASSWORD', 'password'),
                { name: 'GF_SERVER_ROOT_URL', value: 'http://localhost:3000' },
                { name: 'GF_AUTH_ANONYMOUS_ENABLED', value: 'false' },
              ],
              volumeMounts: [
                file('grafana.ini', '/etc/grafana/grafana.ini'),
                ...Object.entries(PROVISIONING).map(([key, path]) => file(key, `/etc/${path}`)),
                ...dashboardFolders.map((folder) => ({
                  name: `dashboards-${folder}`,
                  mountPath: `${DASHBOARDS_FOLDER}/${folder}`,
                  readOnly: true,
                })),
                { name: 'data', mountPath: '/var/lib/grafana' },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            }),
          ],
          volumes: [
            { name: 'config', configMap: { name: CONFIG } },
            ...dashboardFolders.map((folder) => ({
              name: `dashboards-${folder}`,
              configMap: { name: dashboardsName(folder) },
            })),
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
      volumeClaimTemplates: [volumeClaim('5Gi')],
    },
  };
}
