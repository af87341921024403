import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { derivePrometheusConfig } from '../../monitoring/prometheus-config.ts';
import { deriveRulesText } from '../../monitoring/rules.ts';
import { deriveTargetsText } from '../../monitoring/targets.ts';
import { systemClock } from '../../probes/clock.ts';
import { startProbes } from '../../probes/runner.ts';
import type { Catalogue, ProbeSpec } from '../../thresholds/model.ts';
import type { Verdict } from '../../thresholds/verdict.ts';
import type { Fleet } from '../fleet/fleet-types.ts';
import { runLoad } from '../load/run-load.ts';
import { serveProbes } from '../probe/serve.ts';
import { renderMetrics } from '../report/metrics.ts';
import type { Session } from '../run/session.ts';
import { type Prometheus, startPrometheus } from '../stack/prometheus.ts';
import type { World } from './execute.ts';
import { target } from './rounds.ts';

const SCRAPE_MS = 1_000;
/** Every service gets all of its requests in their full mix, enough for a rate over four seconds. */
const REQUESTS_PER_SECOND = 8;
/** Those that ask providers of language models do it with a twelfth of their requests. */
const CALLER_REQUESTS_PER_SECOND = 40;
/** What "more traffic" is. */
const TRAFFIC_FACTOR = 5;
const PROBE_INTERVAL_MS = 2_000;
/** Longer than any execution; it ends with the session. */
const LOAD_MS = 1_800_000;

/** Services under traffic, probes and load, and the Prometheus that sees them. */
export interface Stage {
  prometheus: Prometheus;
  world: World;
  stop(): Promise<void>;
}

/**
 * Sets the stage for panels: Prometheus scrapes the fleet, requests reach every service, probes look at it often, k6 loads one, and the
 * metrics of a verdict are there.
 */
export async function setStage(session: Session, fleet: Fleet, verdict: Verdict): Promise<Stage> {
  const catalogue = session.selection.surroundings;
  const traffic = usualTraffic(catalogue);
  await fleet.startBackground({ services: traffic });
  const probes = startProbes({
    catalogue: often(catalogue),
    addresses: session.addresses,
    caFile: fleet.caFile,
    clock: systemClock(),
    env: {},
  });
  // Scraped, not pushed: what the prober says of itself is pushed too seldom for a short look.
  const prober = await serveProbes({ runner: probes });
  const page = await servePage(renderMetrics(verdict));
  const config = derivePrometheusConfig(catalogue, {
    scrapeIntervalMs: SCRAPE_MS,
    evaluationIntervalMs: SCRAPE_MS,
    alertmanagers: [],
    fleetCaFile: fleet.caFile,
    prober: new URL(prober.url).host,
  });
  const prometheus = await startPrometheus({
    scope: session.scope,
    tool: session.tool('prometheus'),
    dir: join(session.dir, 'prometheus'),
    config: withPage(config, page),
    ruleFiles: {
      'alert_rules.yml': deriveRulesText(catalogue),
      'targets.yml': deriveTargetsText(catalogue, { addresses: session.addresses, ownIntervals: false }),
    },
  });
  const enough = new AbortController();
  const load = startLoad(session, fleet, prometheus.url, AbortSignal.any([session.signal, enough.signal]));
  return {
    prometheus,
    world: fleetWorld(fleet, traffic),
    async stop() {
      enough.abort();
      await load;
      await prober.stop();
      await probes.stop();
      await new Promise((resolve) => page.close(resolve));
    },
  };
}

function fleetWorld(fleet: Fleet, usual: Readonly<Record<string, number>>): World {
  const more = new Map<string, number>();
  const send = () => fleet.startBackground({ services: { ...usual, ...Object.fromEntries(more) } });
  return {
    async disturb(disturbance) {
      if (disturbance.kind === 'traffic') {
        const name = target(disturbance);
        more.set(name, (usual[name] ?? 0) * TRAFFIC_FACTOR);
        return await send();
      }
      const { system, ...fault } = disturbance;
      await fleet.inject(system, fault);
    },
    async calm(disturbance) {
      if (disturbance.kind !== 'traffic')
        return await fleet.clear(disturbance.system, disturbance.service, disturbance.kind);
      more.delete(target(disturbance));
      await send();
    },
  };
}

function usualTraffic(catalogue: Catalogue): Record<string, number> {
  const services = catalogue.systems.flatMap((system) => system.services);
  return Object.fromEntries(
    services
      .filter((service) => service.kind === 'http' || service.kind === 'mcp')
      .map((service) => {
        const calls = service.endpoints.some(({ sim }) => sim.calls.length > 0);
        return [service.target, calls ? CALLER_REQUESTS_PER_SECOND : REQUESTS_PER_SECOND];
      }),
  );
}

/** The catalogue with probes that look every other second, paid ones too: on the fleet they cost nothing. */
function often(catalogue: Catalogue): Catalogue {
  const soon = <Spec extends ProbeSpec>(spec: Spec): Spec => ({ ...spec, intervalMs: PROBE_INTERVAL_MS });
  return {
    ...catalogue,
    systems: catalogue.systems.map((system) => ({
      ...system,
      services: system.services.map((service) => ({
        ...service,
        probe: soon(service.probe),
        furtherProbes: new Map([...service.furtherProbes].map(([name, spec]) => [name, soon(spec)])),
      })),
    })),
  };
}

/** Load on the first service of kind http, the one that the dashboard of load runs is about. */
async function startLoad(session: Session, fleet: Fleet, prometheusUrl: string, signal: AbortSignal): Promise<void> {
  const catalogue = session.selection.surroundings;
  const first = catalogue.systems.flatMap(({ services }) => services).find(({ kind }) => kind === 'http');
  const systems = catalogue.systems
    .filter(({ id }) => id === first?.system)
    .map((system) => ({ ...system, services: system.services.filter(({ id }) => id === first?.id) }));
  await runLoad({
    catalogue: { ...catalogue, systems },
    addresses: session.addresses,
    // Soon at its height, and then the same: what changes is then the doing of a fault.
    profile: 'soak',
    options: { durationMs: LOAD_MS, rate: 0.4 },
    k6Path: session.tool('k6').path,
    scope: session.scope,
    dir: join(session.dir, 'load'),
    prometheusUrl,
    caFile: fleet.caFile,
    env: {},
    signal,
  });
}

function servePage(text: string): Promise<Server> {
  const server = createServer((_, res) =>
    res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
  );
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** The configuration with a job for a page whose labels hold. */
function withPage(config: string, page: Server): string {
  const { port } = page.address() as AddressInfo;
  const parsed = parse(config) as { scrape_configs: unknown[] };
  parsed.scrape_configs.push({
    job_name: 'firedrill-runs',
    honor_labels: true,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  });
  return stringify(parsed);
}
