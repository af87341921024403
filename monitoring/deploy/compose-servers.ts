import { DASHBOARDS_FOLDER } from '../dashboards/provisioning.ts';
import { ARCHIVE, COMPONENT } from './components.ts';
import {
  answers,
  type ComposeService,
  confined,
  fromGenerated,
  healthCheck,
  published,
  readOnly,
  required,
  variable,
} from './compose-hardening.ts';

const GRAFANA_URL = variable('FIREDRILL_GRAFANA_URL', 'http://localhost:3000');

/** Networks: the stack's own, and the one of the services that it looks at. */
export const OWN_NETWORK = 'monitoring';
export const BOTH_NETWORKS = [OWN_NETWORK, 'default'];

/** Both take remote write: the prober's and k6's results, and what is archived. */
function prometheusFlags(config: string, retention: string): string[] {
  return [
    `--config.file=/etc/prometheus/${config}`,
    '--storage.tsdb.path=/prometheus',
    `--storage.tsdb.retention.time=${retention}`,
    '--web.enable-remote-write-receiver',
    // Snapshots for backups. It deletes series as well: another reason to publish the port on loopback alone.
    '--web.enable-admin-api',
    '--web.enable-lifecycle',
  ];
}

/** Prometheus: rules, scrapes, and what is pushed to it. */
export function prometheus(): ComposeService {
  const { id, image, port, readyPath } = COMPONENT.prometheus;
  return confined({
    image,
    memory: variable('PROMETHEUS_MEMORY', '2g'),
    command: [
      ...prometheusFlags(variable('PROMETHEUS_CONFIG', 'prometheus.yml'), variable('PROMETHEUS_RETENTION', '15d')),
      `--web.external-url=${variable('PROMETHEUS_URL', 'http://localhost:9090')}`,
      // Changed rules and targets hold within half a minute, without a restart.
      '--enable-feature=auto-reload-config',
    ],
    ports: [published('PROMETHEUS', port)],
    networks: BOTH_NETWORKS,
    volumes: [readOnly(fromGenerated(id), '/etc/prometheus'), 'prometheus-data:/prometheus'],
    healthcheck: answers(port, readyPath),
  });
}

/** The Prometheus that keeps recorded series for a year: of the profile `long-term`. */
export function archive(): ComposeService {
  const { image, port, readyPath } = ARCHIVE;
  return confined({
    image,
    profiles: ['long-term'],
    memory: variable('ARCHIVE_MEMORY', '1g'),
    command: prometheusFlags('prometheus-archive.yml', variable('ARCHIVE_RETENTION', '1y')),
    networks: [OWN_NETWORK],
    volumes: [readOnly(fromGenerated('prometheus'), '/etc/prometheus'), 'archive-data:/prometheus'],
    healthcheck: answers(port, readyPath),
  });
}

/** Alertmanager with its rendered configuration: routes, and the secrets that its version takes from no file. `secrets` by their path in it. */
export function alertmanager(
  secrets: readonly { name: string; target: string }[],
  hasTemplates: boolean,
): ComposeService {
  const { image, port, readyPath } = COMPONENT.alertmanager;
  return confined({
    image,
    memory: variable('ALERTMANAGER_MEMORY', '256m'),
    command: [
      '--config.file=/etc/alertmanager/alertmanager.yml',
      '--storage.path=/alertmanager',
      `--web.external-url=${variable('ALERTMANAGER_URL', 'http://localhost:9093')}`,
      // One alone has nobody to talk to.
      '--cluster.listen-address=',
    ],
    ports: [published('ALERTMANAGER', port)],
    networks: BOTH_NETWORKS,
    secrets: secrets.map(({ name, target }) => ({ source: name, target })),
    volumes: [
      ...(hasTemplates ? [readOnly(fromGenerated('alertmanager/templates'), '/etc/alertmanager/templates')] : []),
      'alertmanager-data:/alertmanager',
    ],
    healthcheck: answers(port, readyPath),
  });
}

/** Grafana: no password of its own, nobody without one, and notifications left to Alertmanager. */
export function grafana(): ComposeService {
  const { image, port, readyPath } = COMPONENT.grafana;
  return confined({
    image,
    memory: variable('GRAFANA_MEMORY', '512m'),
    environment: {
      GF_SECURITY_ADMIN_USER: required('GRAFANA_ADMIN_USER', 'name the administrator of Grafana'),
      GF_SECURITY_ADMIN_PASSWORD: required(
        'GRAFANA_ADMIN_PASSWORD',
        'choose a password for the administrator of Grafana',
      ),
      GF_SERVER_ROOT_URL: GRAFANA_URL,
      GF_AUTH_ANONYMOUS_ENABLED: variable('GRAFANA_ANONYMOUS_VIEWER', 'false'),
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    },
    ports: [published('GRAFANA', port)],
    networks: [OWN_NETWORK],
    depends_on: { prometheus: { condition: 'service_healthy' } },
    volumes: [
      readOnly(fromGenerated('grafana/grafana.ini'), '/etc/grafana/grafana.ini'),
      readOnly(fromGenerated('grafana/provisioning'), '/etc/grafana/provisioning'),
      readOnly(fromGenerated('grafana/dashboards'), DASHBOARDS_FOLDER),
      'grafana-data:/var/lib/grafana',
    ],
    healthcheck: healthCheck(`wget -q -O - http://127.0.0.1:${port}${readyPath} | grep -q '"database": *"ok"'`),
  });
}
