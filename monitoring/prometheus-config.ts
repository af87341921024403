import type { Catalogue } from '../thresholds/model.ts';
import { FIREDRILL_JOB } from '../thresholds/names.ts';
import { formatPrometheusDuration } from '../thresholds/units.ts';
import type { ScrapeJob } from './deploy/components.ts';
import { generatedYaml } from './header.ts';
import { hashPersonalLabels } from './personal-data.ts';
import { escapeRegExp } from './promql/text.ts';
import { TLS_LABEL, type TlsProfile, tlsProfiles } from './targets.ts';

/** Everything in `prometheus.yml` that is not in the catalogue. File names are relative to it. */
export interface PrometheusConfigOptions {
  scrapeIntervalMs: number;
  evaluationIntervalMs: number;
  ruleFiles: string[];
  targetsFile: string;
  /** `host:port` of each Alertmanager. */
  alertmanagers: string[];
  /** Certificate of the authority of the simulated fleet; without it its encrypted services cannot be verified, and are not. */
  fleetCaFile: string | null;
  /** `host:port` of a prober whose /metrics is scraped; null where probe results are pushed: one Prometheus gets one of the two. */
  prober: string | null;
  /** Further scrape jobs: those of the monitoring stack itself. */
  stackJobs: readonly ScrapeJob[];
  /** Base URL of a Prometheus that keeps what recording rules make for longer than this one keeps anything; null for none. */
  archive: string | null;
}

export const DEFAULT_PROMETHEUS_OPTIONS: PrometheusConfigOptions = {
  scrapeIntervalMs: 30_000,
  evaluationIntervalMs: 15_000,
  ruleFiles: ['alert_rules.yml'],
  targetsFile: 'targets.yml',
  alertmanagers: ['alertmanager:9093'],
  fleetCaFile: null,
  prober: null,
  stackJobs: [],
  archive: null,
};

/** The text of `prometheus.yml`. */
export function derivePrometheusConfig(catalogue: Catalogue, options: Partial<PrometheusConfigOptions> = {}): string {
  const settings = { ...DEFAULT_PROMETHEUS_OPTIONS, ...options };
  const { scrapeIntervalMs, evaluationIntervalMs, targetsFile, fleetCaFile, prober, archive } = settings;
  return generatedYaml({
    global: {
      scrape_interval: formatPrometheusDuration(scrapeIntervalMs),
      evaluation_interval: formatPrometheusDuration(evaluationIntervalMs),
    },
    rule_files: settings.ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: settings.alertmanagers }] }] },
    scrape_configs: [
      ...[...tlsProfiles(catalogue, fleetCaFile).values()].map((profile) => serviceJob(profile, targetsFile)),
      ...(prober === null ? [] : [proberJob(prober)]),
      ...settings.stackJobs,
    ],
    ...(archive === null ? {} : longTerm(archive)),
  });
}

/** Recorded series, and only those: their names hold a colon, as no exporter's does. */
const RECORDED = '.+:.+';

/**
 * Sends recorded series to the archive, and asks it for what is older than this Prometheus's own data: dashboards and rules then see
 * further back than `--storage.tsdb.retention.time`, in the same data source. Without the archive a query holds what is here, and a warning.
 */
function longTerm(archive: string) {
  return {
    remote_write: [
      {
        url: `${archive}/api/v1/write`,
        name: 'archive',
        write_relabel_configs: [{ source_labels: ['__name__'], regex: RECORDED, action: 'keep' }],
      },
    ],
    remote_read: [{ url: `${archive}/api/v1/read`, name: 'archive', read_recent: false }],
  };
}

/** TLS settings belong to a scrape job, not to a target: one job for each of them, all out of one file of targets. */
function serviceJob({ key, caFile, insecure }: TlsProfile, targetsFile: string) {
  const tls = {
    ...(caFile === null ? {} : { ca_file: caFile }),
    ...(insecure ? { insecure_skip_verify: true } : {}),
  };
  return {
    job_name: key === 'default' ? 'services' : `services-${key}`,
    file_sd_configs: [{ files: [targetsFile] }],
    relabel_configs: [{ source_labels: [TLS_LABEL], regex: escapeRegExp(key), action: 'keep' }],
    metric_relabel_configs: hashPersonalLabels(),
    ...(Object.keys(tls).length === 0 ? {} : { tls_config: tls }),
  };
}

/** The prober writes system, service and environment itself: `honor_labels` keeps what it says. */
function proberJob(address: string) {
  return { job_name: FIREDRILL_JOB, honor_labels: true, static_configs: [{ targets: [address] }] };
}
