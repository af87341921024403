import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { GENERATED, generatedYaml } from '../header.ts';
import { DEFAULT_PROMETHEUS_OPTIONS } from '../prometheus-config.ts';

/** Stable, so that a dashboard finds its data source again after Grafana was set up anew. */
export const PROMETHEUS_UID = 'firedrill-prometheus';
const ALERTMANAGER_UID = 'firedrill-alertmanager';

/** Where Grafana finds the dashboards in its own file system. */
export const DASHBOARDS_FOLDER = '/var/lib/grafana/dashboards';

/** `grafana/provisioning/datasources/`: Prometheus, and Alertmanager to look at; who is told what is decided there alone. */
export function deriveDataSources(): string {
  return generatedYaml({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: PROMETHEUS_UID,
        type: 'prometheus',
        access: 'proxy',
        url: 'http://prometheus:9090',
        isDefault: true,
        editable: false,
        jsonData: {
          httpMethod: 'POST',
          // $__rate_interval is at least four of these.
          timeInterval: formatPrometheusDuration(DEFAULT_PROMETHEUS_OPTIONS.scrapeIntervalMs),
          alertmanagerUid: ALERTMANAGER_UID,
          manageAlerts: false,
        },
      },
      {
        name: 'Alertmanager',
        uid: ALERTMANAGER_UID,
        type: 'alertmanager',
        access: 'proxy',
        url: `http://${DEFAULT_PROMETHEUS_OPTIONS.alertmanagers[0]}`,
        editable: false,
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
    ],
  });
}

/** A folder of dashboards, on disk and in Grafana. */
export interface Folder {
  id: string;
  title: string;
}

/** `grafana/provisioning/dashboards/`: a folder in Grafana for each system that has dashboards and one for firedrill's own. */
export function deriveDashboardProviders(folders: readonly Folder[]): string {
  return generatedYaml({
    apiVersion: 1,
    providers: folders.map(({ id, title }) => ({
      name: id,
      folder: title,
      folderUid: `folder-${id}`,
      type: 'file',
      disableDeletion: false,
      allowUiUpdates: false,
      updateIntervalSeconds: 30,
      options: { path: `${DASHBOARDS_FOLDER}/${id}` },
    })),
  });
}

/**
 * `grafana/grafana.ini`: what everybody sees first, and what nobody may. The administrator comes from the environment, as does whoever may look
 * without a login (GF_AUTH_ANONYMOUS_ENABLED). Alertmanager alone tells people: Grafana shows its alerts and evaluates none of its own.
 */
export function deriveGrafanaIni(homeDashboard: string): string {
  const sections = {
    dashboards: { default_home_dashboard_path: `${DASHBOARDS_FOLDER}/${homeDashboard}` },
    'auth.anonymous': { enabled: false, org_role: 'Viewer' },
    users: { allow_sign_up: false },
    unified_alerting: { execute_alerts: false },
    // What is not in these files is not loaded, and nothing is told to anybody.
    plugins: { preinstall_disabled: true },
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
  };
  const text = Object.entries(sections).map(
    ([name, settings]) =>
      `[${name}]\n${Object.entries(settings)
        .map(([key, value]) => `${key} = ${value}\n`)
        .join('')}`,
  );
  return `; ${GENERATED}\n\n${text.join('\n')}`;
}
