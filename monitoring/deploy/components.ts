import { LABEL, OPERATIONS_SYSTEM } from '../../thresholds/names.ts';

/** A part of the monitoring stack: how it is called on its network, where it answers there, and what it is run from. */
export interface Component {
  id: string;
  image: string;
  port: number;
  /** Answers when it works. */
  readyPath: string;
  /** Answers already while it gets ready, which may take long; else the same. */
  alivePath?: string;
}

/** Everything that runs in the monitoring stack, by its name. Versions of November 2026; each is one that firedrill's files are tested for. */
export const COMPONENT = {
  prometheus: {
    id: 'prometheus',
    image: 'prom/prometheus:v3.15.0',
    port: 9090,
    readyPath: '/-/ready',
    alivePath: '/-/healthy',
  },
  alertmanager: {
    id: 'alertmanager',
    image: 'prom/alertmanager:v0.34.2',
    port: 9093,
    readyPath: '/-/ready',
    alivePath: '/-/healthy',
  },
  grafana: { id: 'grafana', image: 'grafana/grafana:13.2.1', port: 3000, readyPath: '/api/health' },
  nodeExporter: { id: 'node-exporter', image: 'prom/node-exporter:v1.12.1', port: 9100, readyPath: '/' },
  // Not its own 8080: that is the port of many an application beside it.
  cadvisor: { id: 'cadvisor', image: 'ghcr.io/google/cadvisor:v0.60.6', port: 8081, readyPath: '/healthz' },
  redisExporter: {
    id: 'redis-exporter',
    image: 'oliver006/redis_exporter:v1.90.0-alpine',
    port: 9121,
    readyPath: '/health',
  },
  prober: { id: 'firedrill-prober', image: 'firedrill:local', port: 9115, readyPath: '/-/healthy' },
} as const satisfies Record<string, Component>;

/** A Prometheus of its own that keeps aggregates for long. */
export const ARCHIVE: Component = { ...COMPONENT.prometheus, id: 'prometheus-archive' };

/** An entry of `scrape_configs`, as Prometheus reads it. */
export interface ScrapeJob {
  job_name: string;
  [setting: string]: unknown;
}

/** The identity labels of what a part of the stack says of itself. */
export function stackLabels(service: string, environment: string): Record<string, string> {
  return { [LABEL.system]: OPERATIONS_SYSTEM, [LABEL.service]: service, [LABEL.environment]: environment };
}

/** Scrapes one part of the stack, under a job of its name. */
export function componentJob({ id, port }: Component, environment: string): ScrapeJob {
  return {
    job_name: id,
    static_configs: [{ targets: [`${id}:${port}`], labels: stackLabels(id, environment) }],
  };
}

/** All of the stack but the prober, which pushes what it sees and what it is: one Prometheus gets one of the two. */
export function stackJobs(environment: string): ScrapeJob[] {
  const { prometheus, alertmanager, grafana, nodeExporter, cadvisor, redisExporter } = COMPONENT;
  return [prometheus, alertmanager, grafana, nodeExporter, cadvisor, redisExporter].map((component) =>
    componentJob(component, environment),
  );
}
