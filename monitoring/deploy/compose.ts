import { stringify } from 'yaml';
import type { Catalogue } from '../../thresholds/model.ts';
import { GENERATED } from '../header.ts';
import { ARCHIVE, COMPONENT } from './components.ts';
import { cadvisor, nodeExporter, prober, redisExporter } from './compose-exporters.ts';
import { fromGenerated, variable } from './compose-hardening.ts';
import { alertmanager, archive, grafana, OWN_NETWORK, prometheus } from './compose-servers.ts';
import { type GeneratedTexts, generatedText, secretFiles } from './derived-text.ts';

/** Outside the folder of derived files, where whatever is not derived is taken away. */
const SECRETS = variable('MONITORING_SECRETS', fromGenerated('../secrets'));

/** `docker-compose.monitoring.yml`: the monitoring stack on one host. `texts`: the files that it mounts. */
export function deriveCompose({ environment }: Catalogue, texts: GeneratedTexts): string {
  const secrets = [
    // Rendered by `firedrill generate --render-secrets`.
    { name: 'alertmanager.yml', target: '/etc/alertmanager/alertmanager.yml' },
    ...secretFiles(generatedText(texts, 'alertmanager/alertmanager.yml')).map((target) => ({
      name: target.slice(target.lastIndexOf('/') + 1),
      target,
    })),
  ];
  const hasTemplates = [...texts.keys()].some((path) => path.startsWith('alertmanager/templates/'));
  const content = {
    services: {
      [COMPONENT.prometheus.id]: prometheus(),
      [COMPONENT.alertmanager.id]: alertmanager(secrets, hasTemplates),
      [COMPONENT.grafana.id]: grafana(),
      [COMPONENT.nodeExporter.id]: nodeExporter(),
      [COMPONENT.cadvisor.id]: cadvisor(),
      [COMPONENT.redisExporter.id]: redisExporter(),
      [COMPONENT.prober.id]: prober(environment),
      [ARCHIVE.id]: archive(),
    },
    networks: { [OWN_NETWORK]: {}, default: {} },
    volumes: Object.fromEntries(
      ['prometheus-data', 'alertmanager-data', 'grafana-data', 'prober-data', 'archive-data'].map((name) => [name, {}]),
    ),
    secrets: Object.fromEntries(
      [...secrets.map(({ name }) => name), 'prober_token'].map((name) => [name, { file: `${SECRETS}/${name}` }]),
    ),
  };
  return `# ${GENERATED}
# How to start it, and what may be set: monitoring/README.md.
${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
