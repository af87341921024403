import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findMismatch } from '../../thresholds/expectation.ts';
import type { FaultKind } from '../../thresholds/faults.ts';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import { renderProblem } from '../../thresholds/load/problem.ts';
import type {
  Alert,
  Catalogue,
  Endpoint,
  HttpEndpoint,
  PromqlObjective,
  Service,
  System,
} from '../../thresholds/model.ts';
import { parseDurationMs, parseShare } from '../../thresholds/units.ts';

// Fast tier. The built-in catalogue against its own rules, and against the written requirements where they are at hand.

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'thresholds/catalogue');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }));

function load(environment: string | null): Catalogue {
  const result = loadCatalogue(files, { env: {}, environment });
  assert(result.ok, result.ok ? '' : result.problems.map((problem) => renderProblem(problem, files)).join('\n\n'));
  return result.catalogue;
}

const catalogue = load(null);
const services = catalogue.systems.flatMap((system) => system.services);
const endpoints = services.flatMap((service) => endpointsOf(service).map((endpoint) => ({ service, endpoint })));

function endpointsOf(service: Service): Endpoint[] {
  return 'endpoints' in service ? service.endpoints : [];
}

function serviceOf(system: System, id: string): Service {
  const service = system.services.find((candidate) => candidate.id === id);
  assert(service !== undefined, `${system.id} has no service ${id}`);
  return service;
}

/** 95th percentile that the fleet aims at: the endpoint's own, and that of the slowest provider that answers it. */
function simulatedP95Ms(service: Service, endpoint: Endpoint): number {
  const own = endpoint.sim.latencyMs.p95;
  const system = catalogue.systems.find(({ id }) => id === service.system);
  const called = endpoint.sim.calls.flatMap((id) => system?.services.find((other) => other.id === id) ?? []);
  return own + Math.max(0, ...called.flatMap(endpointsOf).map((provider) => provider.sim.latencyMs.p95));
}

describe('the files', () => {
  test.each(files)('$path names the schema for editors and keeps to 120 columns', ({ text }) => {
    const lines = text.split('\n');
    expect(lines[0]).toBe('# yaml-language-server: $schema=../catalogue.schema.json');
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });

  test('the five systems and their receivers load without a problem', () => {
    expect(catalogue.environment).toBe('sim');
    expect(catalogue.systems.map(({ id }) => id)).toEqual([
      'face-attributes',
      'flashcards',
      'mcp-service',
      'mcp-tools',
      'personalization',
    ]);
  });

  test.each(['dev', 'staging', 'prod'])('in %s every service has a real address', (environment) => {
    const simulated = load(environment)
      .systems.flatMap((system) => system.services)
      .filter(({ address }) => address.kind === 'fleet');
    expect(simulated.map(({ target }) => target)).toEqual([]);
  });

  test('in sim every service is simulated, one of them behind TLS', () => {
    expect(services.filter(({ address }) => address.kind !== 'fleet')).toEqual([]);
    const secured = services.filter(({ address }) => address.kind === 'fleet' && address.tls);
    expect(secured.map(({ target }) => target)).toEqual(['mcp-tools/open-webui']);
  });
});

describe('what is promised', () => {
  test('services that are asked have at least two endpoints', () => {
    const asked = services.filter(({ kind }) => kind === 'http' || kind === 'llm' || kind === 'mcp');
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((service) => endpointsOf(service).length < 2).map(({ target }) => target)).toEqual([]);
  });

  test('datastores and exporters have PromQL objectives with their samples', () => {
    const measured = services.filter(({ kind }) => kind === 'datastore' || kind === 'exporter');
    expect(measured.length).toBeGreaterThan(5);
    for (const service of measured) {
      expect(service.promql.length, service.target).toBeGreaterThan(0);
      for (const row of service.promql) {
        expect(row.expr, row.objective).toContain('$window');
        expect(row.samples, row.objective).toContain('$window');
      }
    }
  });

  // A datastore that exports nothing has no series of its own: its promises must look at those of another service.
  test('a PromQL objective with $matchers belongs to a service that is scraped', () => {
    const blind = services.filter(({ scrape, promql }) => scrape === null && promql.some(usesMatchers));
    expect(blind.map(({ target }) => target)).toEqual([]);
  });

  test('PromQL objectives look at metrics that a service of the same system exports', () => {
    for (const system of catalogue.systems) {
      const exported = new Set(['up', ...system.services.flatMap(({ metrics }) => metrics.map(({ name }) => name))]);
      for (const { expr, samples, objective } of system.services.flatMap(({ promql }) => promql)) {
        const names = [...`${expr} ${samples}`.matchAll(/([a-zA-Z_]\w*)\{/g)].map(([, name = '']) => name);
        expect(names.length, objective).toBeGreaterThan(0);
        const unknown = names.filter((name) => !exported.has(name) && !exported.has(familyOf(name)));
        expect(unknown, `${system.id} ${objective}`).toEqual([]);
      }
    }
  });

  test('an alert tells its value and has text of its own in the runbook', () => {
    for (const { name, description, runbook } of catalogue.systems.flatMap((system) => system.alerts)) {
      expect(description, name).toContain('$value');
      expect(runbook, name).toEqual({
        impact: expect.any(String),
        checks: expect.any(Array),
        fix: expect.any(String),
      });
    }
  });

  test('each kind of fault that a scraped metric shows is drilled on the fleet', () => {
    const drilled = new Set(catalogue.systems.flatMap(({ alerts }) => alerts.map(({ fault }) => fault?.kind)));
    const shown: FaultKind[] = ['down', 'slow', 'errors', 'provider-errors', 'silent-metrics', 'vanished-metrics'];
    shown.push('cold-cache', 'slow-queries', 'exhausted-pool', 'cpu', 'memory', 'disk', 'drift', 'accuracy');
    shown.push('unloaded-model');
    expect(shown.filter((kind) => !drilled.has(kind))).toEqual([]);
  });

  // The critical alert inhibits the warning of the same objective: only one whose limit is further out may do that.
  test.each(
    catalogue.systems.flatMap(({ id, alerts }) =>
      alerts.flatMap((critical) =>
        alerts.flatMap((warning) => {
          const { condition, objective } = critical;
          const twins = critical.severity === 'critical' && warning.severity === 'warning';
          const alike = objective === warning.objective && condition.kind === warning.condition.kind;
          return twins && alike ? [{ name: `${id} ${critical.name} beyond ${warning.name}`, critical, warning }] : [];
        }),
      ),
    ),
  )('$name', ({ critical, warning }) => {
    expect(limitOf(critical)).toBeGreaterThan(limitOf(warning));
    expect(critical.service).toBe(warning.service);
  });

  test('every receiver is named by a system or by monitoring itself', () => {
    const { operations, systems } = catalogue;
    const named = new Set([...systems, operations].flatMap(receiversOf).concat(operations.watchdog?.receiver ?? []));
    expect(catalogue.receivers.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('the simulated fleet is healthy by construction', () => {
  test('each 95th percentile is at most 40 % of every limit that it is held to', () => {
    const tight = endpoints.flatMap(({ service, endpoint }) => {
      const p95Ms = simulatedP95Ms(service, endpoint);
      return endpoint.objectives.latency
        .filter(({ quantile, limitMs }) => quantile <= 0.95 && p95Ms > 0.4 * limitMs)
        .map(({ name, limitMs }) => `${service.target} ${endpoint.id}: ${p95Ms} ms of ${name} ${limitMs} ms`);
    });
    expect(tight).toEqual([]);
  });

  test('each 95th percentile is at most 60 % of a promised mean', () => {
    const tight = endpoints.filter(({ service, endpoint }) => {
      const { meanMs } = endpoint.objectives;
      return meanMs !== null && simulatedP95Ms(service, endpoint) > 0.6 * meanMs;
    });
    expect(tight.map(({ service, endpoint }) => `${service.target} ${endpoint.id}`)).toEqual([]);
  });

  test('each timeout is at least four simulated 95th percentiles away', () => {
    const short = endpoints.filter(
      ({ service, endpoint }) => endpoint.timeoutMs < 4 * simulatedP95Ms(service, endpoint),
    );
    expect(short.map(({ service, endpoint }) => `${service.target} ${endpoint.id}`)).toEqual([]);
  });

  test('each simulated body meets the expectation of its endpoint', () => {
    for (const { service, endpoint } of endpoints) {
      const { body } = endpoint.sim;
      assert(body !== undefined, `${service.target} ${endpoint.id} has no simulated body`);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = { status: endpoint.expect.status[0] ?? 200, text, header: () => endpoint.sim.contentType ?? '' };
      expect(findMismatch(endpoint.expect, answer), `${service.target} ${endpoint.id}`).toBeUndefined();
    }
  });

  test('each metric says how it moves', () => {
    const still = services.flatMap(({ target, metrics }) =>
      metrics.filter(({ sim }) => sim === null).map(({ name }) => `${target} ${name}`),
    );
    expect(still).toEqual([]);
  });

  test('a service that is scraped exports something', () => {
    const silent = services.filter(({ scrape, metrics }) => (scrape !== null) !== metrics.length > 0);
    expect(silent.map(({ target }) => target)).toEqual([]);
  });
});

function usesMatchers({ expr, samples }: PromqlObjective): boolean {
  return `${expr}${samples}`.includes('$matchers');
}

function limitOf({ condition }: Alert): number {
  return 'above' in condition ? condition.above : 'aboveMs' in condition ? condition.aboveMs : Number.NaN;
}

function familyOf(series: string): string {
  return series.replace(/_(bucket|sum|count)$/, '');
}

function receiversOf({ routing }: Pick<System, 'routing'>): string[] {
  return [...routing.receivers, ...routing.escalation, ...Object.values(routing.bySeverity).flat()];
}

interface RequiredMetric {
  type: string;
  labels?: string[];
  unit?: string;
  limit?: number;
  breach?: 'above' | 'below';
}

interface RequiredSystem {
  id: string;
  services: string[];
  ports?: Record<string, number>;
  metrics: Record<string, RequiredMetric>;
  targets?: Record<string, Record<string, string | number>>;
  receivers?: string[];
  routing?: {
    receiver: string;
    url: string;
    group_by: string[];
    group_wait: string;
    group_interval: string;
    repeat_interval: string;
  };
}

const requirements = join(root, '../shared/requirements.yaml');
const present = existsSync(requirements);
const required: RequiredSystem[] = present ? parse(readFileSync(requirements, 'utf8')).systems : [];

describe.skipIf(!present)(`the written requirements${present ? '' : ` (skipped: ${requirements} is not here)`}`, () => {
  test('name five systems', () => {
    expect(required.length).toBe(5);
  });

  test.each(required)('$id has every service, at its port', ({ id, services: names, ports = {} }) => {
    const system = systemOf(id);
    expect(system.services.map((service) => service.id).sort()).toEqual([...names].sort());
    for (const [name, port] of Object.entries(ports)) expect(serviceOf(system, name).port, name).toBe(port);
  });

  test.each(required)('$id exports every metric with its type, labels and unit', ({ id, metrics }) => {
    const exported = systemOf(id).services.flatMap((service) => service.metrics);
    expect(Object.keys(metrics).length).toBeGreaterThan(0);
    for (const [name, wanted] of Object.entries(metrics)) {
      const found = exported.filter((metric) => metric.name === name);
      expect(found.length, name).toBeGreaterThan(0);
      for (const metric of found) {
        expect(metric.type, name).toBe(wanted.type);
        expect(Object.keys(metric.labels), name).toEqual(expect.arrayContaining(wanted.labels ?? []));
        if (wanted.unit !== undefined) expect(metric.unit, name).toBe(wanted.unit);
      }
    }
  });

  test.each(required)('$id promises every limit that is named for a metric', ({ id, metrics }) => {
    const rows = systemOf(id).services.flatMap((service) => service.promql);
    for (const [name, { limit, breach }] of Object.entries(metrics)) {
      if (limit === undefined) continue;
      const row = rows.find(({ expr }) => expr.includes(`${name}{`));
      expect(row, name).toMatchObject({ limit, direction: breach === 'above' ? 'below' : 'above' });
    }
  });

  test.each(required)('$id routes to every receiver, as the routing says', ({ id, receivers = [], routing }) => {
    const system = systemOf(id);
    expect(receiversOf(system)).toEqual(expect.arrayContaining(receivers));
    if (routing === undefined) return;
    expect(system.routing).toMatchObject({
      receivers: [routing.receiver],
      bySeverity: {},
      groupBy: routing.group_by,
      groupWaitMs: parseDurationMs(routing.group_wait),
      groupIntervalMs: parseDurationMs(routing.group_interval),
      repeatIntervalMs: parseDurationMs(routing.repeat_interval),
    });
    const receiver = catalogue.receivers.find(({ name }) => name === routing.receiver);
    expect(receiver).toMatchObject({ type: 'webhook', url: routing.url });
  });

  test('personalization promises every target', () => {
    const targets = required.find(({ id }) => id === 'personalization')?.targets;
    assert(targets !== undefined, 'personalization has no targets in the requirements');
    const { api, database, cache, gemini, deepseek, fallback, connection_pool: pool, ...others } = targets;
    expect(others, 'targets that this test does not know').toEqual({});
    const system = systemOf('personalization');

    const backend = endpointsOf(serviceOf(system, 'backend')) as HttpEndpoint[];
    const own = backend.filter(({ sim }) => sim.calls.length === 0);
    expect(own.length).toBeGreaterThan(2);
    for (const endpoint of own) {
      expect(endpoint.objectives, endpoint.id).toMatchObject({
        meanMs: parseDurationMs(String(api?.mean)),
        latency: [{ name: 'p95', limitMs: parseDurationMs(String(api?.p95)) }],
        success: parseShare(String(api?.success)),
      });
    }
    for (const [id, target] of Object.entries({ gemini, deepseek })) {
      for (const endpoint of endpointsOf(serviceOf(system, id))) {
        const limitMs = parseDurationMs(String(target?.p95));
        expect(endpoint.objectives.latency, `${id} ${endpoint.id}`).toMatchObject([{ name: 'p95', limitMs }]);
      }
    }
    const switched = backend.find(({ sim }) => sim.skipFirst);
    expect(switched, 'fallback').toMatchObject({ id: 'fallback', sim: { calls: ['gemini', 'deepseek'] } });
    expect(1 - (switched?.objectives.success ?? 0)).toBe(fallback?.errors);

    const row = (service: string, objective: string) =>
      serviceOf(system, service).promql.find((candidate) => candidate.objective === objective);
    const seconds = (text: unknown) => parseDurationMs(String(text)) / 1_000;
    expect(row('database', 'mean query time')).toMatchObject({ direction: 'below', limit: seconds(database?.mean) });
    expect(row('database', 'p99 query time')).toMatchObject({ direction: 'below', limit: seconds(database?.p99) });
    expect(row('database', 'queries over 5 s')).toMatchObject({ direction: 'below', limit: database?.over_5s });
    expect(row('cache', 'hit ratio')).toMatchObject({
      direction: 'above',
      limit: parseShare(String(cache?.hit_ratio)),
    });
    expect(row('cache', 'hit ratio growing')).toMatchObject({ direction: 'above' });
    expect(row('database', 'pool utilisation')).toMatchObject({
      direction: 'below',
      limit: parseShare(String(pool?.utilisation)),
      expr: expect.stringContaining(`/ ${pool?.size}`),
    });
    expect(row('database', 'most connections in use')).toMatchObject({
      direction: 'below',
      limit: Number(pool?.size) - 1,
      expr: expect.stringContaining('max_over_time'),
    });
  });
});

function systemOf(id: string): System {
  const system = catalogue.systems.find((candidate) => candidate.id === id);
  assert(system !== undefined, `no system ${id}`);
  return system;
}
