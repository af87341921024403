import type { Catalogue } from '../../../thresholds/model.ts';
import { COMPONENT } from '../components.ts';
import { type GeneratedTexts, generatedText, secretFiles } from '../derived-text.ts';
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

const { alertmanager: SELF } = COMPONENT;
const TEMPLATES = 'alertmanager/templates/';
const CONFIG_FILE = 'alertmanager/alertmanager.yml';

/** `alertmanager.yaml`: Alertmanager and its templates. Its rendered configuration and its secrets come from a Secret that nothing derives. */
export function alertmanagerServer(_: Catalogue, texts: GeneratedTexts): string {
  const templates = Object.fromEntries(
    [...texts]
      .filter(([path]) => path.startsWith(TEMPLATES))
      .map(([path, text]) => [path.slice(TEMPLATES.length), text]),
  );
  const config = generatedText(texts, CONFIG_FILE);
  const files = secretFiles(config).map((path) => ({ path, key: path.slice(path.lastIndexOf('/') + 1) }));
  return manifest(
    [
      configMap('alertmanager-templates', templates),
      service(SELF),
      statefulSet(files, checksum(config, ...Object.values(templates))),
    ],
    [
      'Before it is applied, with alertmanager.yml rendered by firedrill generate --render-secrets:',
      `  kubectl -n monitoring create secret generic ${SELF.id} --from-file=alertmanager.yml ${files
        .map(({ key }) => `--from-file=${key}`)
        .join(' ')}`,
    ],
  );
}

function statefulSet(files: readonly { path: string; key: string }[], annotations: Record<string, string>): Resource {
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
          securityContext: podSecurity(),
          containers: [
            container(SELF, {
              cpu: '50m',
              memory: '256Mi',
              args: [
                '--config.file=/etc/alertmanager/alertmanager.yml',
                '--storage.path=/alertmanager',
                '--web.external-url=$(EXTERNAL_URL)',
                '--cluster.listen-address=',
              ],
              env: [{ name: 'EXTERNAL_URL', value: 'http://localhost:9093' }],
              volumeMounts: [
                {
                  name: 'secret',
                  mountPath: '/etc/alertmanager/alertmanager.yml',
                  subPath: 'alertmanager.yml',
                  readOnly: true,
                },
                ...files.map(({ path, key }) => ({ name: 'secret', mountPath: path, subPath: key, readOnly: true })),
                { name: 'templates', mountPath: '/etc/alertmanager/templates', readOnly: true },
                { name: 'data', mountPath: '/alertmanager' },
              ],
            }),
          ],
          volumes: [
            { name: 'secret', secret: { secretName: SELF.id } },
            { name: 'templates', configMap: { name: 'alertmanager-templates' } },
          ],
        },
      },
      volumeClaimTemplates: [volumeClaim('2Gi')],
    },
  };
}
