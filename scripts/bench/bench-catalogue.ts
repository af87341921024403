import { resolveOperations, resolveRouting } from '../../thresholds/load/resolve-routing.ts';
import type { Catalogue, HttpEndpoint, HttpService } from '../../thresholds/model.ts';

const place = { file: 'bench', line: 1, column: 1 };

/** One service with so many endpoints, each with two promises and an expected field in its JSON answer. */
export function benchCatalogue(endpoints: number): Catalogue {
  const service: HttpService = {
    kind: 'http',
    id: 'server',
    system: 'bench',
    target: 'bench/server',
    title: 'trivial server',
    address: { kind: 'url', url: 'http://127.0.0.1' },
    port: null,
    scrape: null,
    tls: { caFile: null, insecure: false },
    auth: null,
    probe: {
      kind: 'tcp',
      intervalMs: 1_000,
      timeoutMs: 1_000,
      degradedAboveMs: null,
      confirm: { fail: { needed: 2, latest: 3 }, recover: { needed: 2, latest: 2 } },
      recheckMs: null,
      dialogue: [],
      mustRefuse: false,
      failAboveMs: null,
    },
    furtherProbes: new Map(),
    maintenance: [],
    promql: [],
    metrics: [],
    signals: { requests: null, duration: null },
    place,
    requestsPerSecond: 1_000,
    requestBudget: null,
    endpoints: Array.from({ length: endpoints }, (_, index) => benchEndpoint(index)),
  };
  const system = {
    id: 'bench',
    title: 'Bench',
    team: 'bench',
    services: [service],
    alerts: [],
    routing: resolveRouting(undefined),
    place,
  };
  return {
    environment: 'bench',
    systems: [system],
    receivers: [],
    muteTimes: [],
    operations: resolveOperations(undefined),
    connectivity: [],
  };
}

function benchEndpoint(index: number): HttpEndpoint {
  return {
    kind: 'http',
    id: `GET /api/thing-${index}`,
    weight: 1,
    timeoutMs: 5_000,
    expect: { status: [200], json: { '$.ok': true }, text: null, headers: {} },
    objectives: {
      latency: [{ name: 'p95', quantile: 0.95, limitMs: 500 }],
      success: 0.99,
      meanMs: null,
      maxMs: null,
    },
    sim: { latencyMs: { median: 1, p95: 2 }, body: undefined, contentType: null, calls: [], skipFirst: false },
    place,
    method: 'GET',
    path: `/api/thing-${index}`,
    params: {},
    headers: { Accept: 'application/json' },
    body: null,
  };
}
