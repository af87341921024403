import type { Catalogue } from '../thresholds/model.ts';
import { FIREDRILL_JOB } from '../thresholds/names.ts';
import { formatPrometheusDuration } from '../thresholds/units.ts';
import { generatedYaml } from './header.ts';
import { escapeRegExp } from './promql/text.ts';
import { FLEET_TLS, scrapedServices, TLS_LABEL, type TlsProfile, tlsProfile } from './targets.ts';

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
}

export const DEFAULT_PROMETHEUS_OPTIONS: PrometheusConfigOptions = {
  scrapeIntervalMs: 30_000,
  evaluationIntervalMs: 15_000,
  ruleFiles: ['alert_rules.yml'],
  targetsFile: 'targets.yml',
  alertmanagers: ['alertmanager:9093'],
  fleetCaFile: null,
  prober: null,
};

/** The text of `prometheus.yml`. */
export function derivePrometheusConfig(catalogue: Catalogue, options: Partial<PrometheusConfigOptions> = {}): string {
  const { scrapeIntervalMs, evaluationIntervalMs, ruleFiles, targetsFile, alertmanagers, fleetCaFile, prober } = {
    ...DEFAULT_PROMETHEUS_OPTIONS,
    ...options,
  };
  const profiles = new Map<string, TlsProfile>();
  for (const service of scrapedServices(catalogue)) {
    const profile = tlsProfile(service);
    profiles.set(profile.key, profile.key === FLEET_TLS ? fleetProfile(fleetCaFile) : profile);
  }
  return generatedYaml({
    global: {
      scrape_interval: formatPrometheusDuration(scrapeIntervalMs),
      evaluation_interval: formatPrometheusDuration(evaluationIntervalMs),
    },
    rule_files: ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    scrape_configs: [
      ...[...profiles.values()].map((profile) => serviceJob(profile, targetsFile)),
      ...(prober === null ? [] : [proberJob(prober)]),
    ],
  });
}

function fleetProfile(caFile: string | null): TlsProfile {
  return { key: FLEET_TLS, caFile, insecure: caFile === null };
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
    ...(Object.keys(tls).length === 0 ? {} : { tls_config: tls }),
  };
}

/** The prober writes system, service and environment itself: `honor_labels` keeps what it says. */
function proberJob(address: string) {
  return { job_name: FIREDRILL_JOB, honor_labels: true, static_configs: [{ targets: [address] }] };
}
