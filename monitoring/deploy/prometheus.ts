import type { Catalogue } from '../../thresholds/model.ts';
import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { generatedYaml } from '../header.ts';
import { DEFAULT_PROMETHEUS_OPTIONS, derivePrometheusConfig } from '../prometheus-config.ts';
import { ARCHIVE, componentJob, stackJobs } from './components.ts';

/** `prometheus.yml`: the services of the catalogue and the monitoring stack itself. The prober pushes. */
export function deriveStackPrometheus(catalogue: Catalogue): string {
  return derivePrometheusConfig(catalogue, { stackJobs: stackJobs(catalogue.environment) });
}

/** `prometheus-long-term.yml`: the same, with recorded series kept by an archive for as long as that keeps them. */
export function deriveLongTermPrometheus(catalogue: Catalogue): string {
  const { environment } = catalogue;
  return derivePrometheusConfig(catalogue, {
    stackJobs: [...stackJobs(environment), componentJob(ARCHIVE, environment)],
    archive: `http://${ARCHIVE.id}:${ARCHIVE.port}`,
  });
}

/** `prometheus-archive.yml`: of the archive, which takes what is sent to it and looks for nothing itself. */
export function deriveArchivePrometheus(): string {
  const { evaluationIntervalMs } = DEFAULT_PROMETHEUS_OPTIONS;
  return generatedYaml({ global: { evaluation_interval: formatPrometheusDuration(evaluationIntervalMs) } });
}
