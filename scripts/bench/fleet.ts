import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { Pool } from 'undici';
import type { Catalogue, HttpEndpoint, HttpService } from '../../thresholds/model.ts';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../catalogue-files.ts';
import { startFleetProcess } from '../fleet/process.ts';
import { HarnessError } from '../process/harness-error.ts';
import type { BareReport, BareRoute } from './bare-server.ts';
import type { Bench } from './result.ts';

const ROUNDS = 4;
const REQUESTS_PER_ROUND = 4_000;
const WARM_UP_REQUESTS = 2_000;
/** Enough that the simulated latency leaves no server idle. */
const CONNECTIONS = 128;
/** A core must carry the fleet under the heaviest load profile. */
const MIN_PER_CPU_SECOND = 3_000;
/** A service of the built-in catalogue with parameters in its paths, bodies, and nine metrics that move with each request. */
const SERVICE = { system: 'personalization', id: 'backend' };

/** A server to be measured: where it listens, and its processor time so far. */
interface Subject {
  name: string;
  url: string;
  cpuSeconds(): Promise<number>;
}

/**
 * What a request costs the fleet: latency, answer and metrics of the built-in catalogue, the fleet in a process of its own and the
 * requests from this one. A bare node:http server with the same latency and bodies, asked in turn, shows what Node itself costs
 * on the machine at that moment.
 */
export const benchFleet: Bench = async ({ log, signal }) => {
  const catalogue = onlySystem(openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: 'sim' }), SERVICE.system);
  const service = serviceOf(catalogue);
  const requests = service.endpoints.filter(({ sim }) => sim.calls.length === 0);
  const fleet = await startFleetProcess({ catalogue, ports: 'free' });
  const bare = fork(new URL(`./bare-server${extname(import.meta.url)}`, import.meta.url), { execArgv: [] });
  try {
    const subjects: [Subject, Subject] = [
      {
        name: 'fleet',
        url: fleet.addresses.get(service.target) ?? '',
        cpuSeconds: async () => (await fleet.stats()).cpuSeconds,
      },
      await startBare(bare, requests),
    ];
    const perCpuSecond = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
    for (const subject of subjects) await send(subject, requests, WARM_UP_REQUESTS, signal);
    for (let round = 1; round <= ROUNDS; round++) {
      for (const subject of subjects) {
        const before = await subject.cpuSeconds();
        await send(subject, requests, REQUESTS_PER_ROUND, signal);
        const figure = REQUESTS_PER_ROUND / ((await subject.cpuSeconds()) - before);
        perCpuSecond.get(subject.name)?.push(figure);
        log(`round ${round} of ${ROUNDS}: ${subject.name} ${Math.round(figure)} requests per CPU-second`);
      }
    }
    const ours = median(perCpuSecond.get('fleet') ?? []);
    const peer = median(perCpuSecond.get('bare server') ?? []);
    const unit = 'requests per CPU-second';
    return {
      name: 'fleet',
      figures: [
        { metric: 'fleet, at least', unit, ours, peer: null, ratio: null, limit: MIN_PER_CPU_SECOND },
        { metric: 'fleet against a bare node:http server', unit, ours, peer, ratio: ours / peer, limit: null },
      ],
    };
  } finally {
    bare.disconnect();
    await fleet.stop();
  }
};

async function startBare(child: ChildProcess, endpoints: readonly HttpEndpoint[]): Promise<Subject> {
  const ask = async (message: BareRoute[] | 'cpu'): Promise<BareReport> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(10_000) });
    child.send(message);
    return (await answer)[0];
  };
  const routes = endpoints.flatMap((endpoint) =>
    pathsOf(endpoint).map((path) => ({
      path,
      latencyMs: endpoint.sim.latencyMs,
      status: endpoint.expect.status[0] ?? 200,
      contentType: 'application/json',
      body: JSON.stringify(endpoint.sim.body ?? {}),
    })),
  );
  const listening = await ask(routes);
  return {
    name: 'bare server',
    url: `http://127.0.0.1:${'port' in listening ? listening.port : 0}`,
    async cpuSeconds() {
      const report = await ask('cpu');
      return 'cpuSeconds' in report ? report.cpuSeconds : Number.NaN;
    },
  };
}

/** Sends so many requests, as fast as they are answered. */
async function send(
  subject: Subject,
  endpoints: readonly HttpEndpoint[],
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const pool = new Pool(subject.url, { connections: CONNECTIONS });
  const plan = endpoints.flatMap((endpoint) => pathsOf(endpoint).map((path) => ({ endpoint, path })));
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      const { endpoint, path } = plan[sent++ % plan.length] ?? { endpoint: endpoints[0] as HttpEndpoint, path: '/' };
      const { method, headers, body, expect } = endpoint;
      const answer = await pool.request({ path, method: method as 'GET', headers, body, signal });
      await answer.body.dump();
      if (!expect.status.includes(answer.statusCode)) {
        throw new HarnessError(`${subject.name} answered ${method} ${path} with status ${answer.statusCode}`, {
          reason: `expected ${expect.status.join(' or ')}`,
        });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  } finally {
    await pool.close();
  }
}

function pathsOf({ path, params }: HttpEndpoint): string[] {
  const [name] = Object.keys(params);
  return name === undefined ? [path] : (params[name] ?? []).map((value) => path.replace(`{${name}}`, String(value)));
}

function onlySystem(catalogue: Catalogue, id: string): Catalogue {
  return { ...catalogue, systems: catalogue.systems.filter((system) => system.id === id) };
}

function serviceOf({ systems }: Catalogue): HttpService {
  const service = systems.flatMap(({ services }) => services).find(({ id }) => id === SERVICE.id);
  if (service?.kind === 'http') return service;
  throw new HarnessError('the benchmark has nothing to ask', {
    reason: `the built-in catalogue has no http service ${SERVICE.system}/${SERVICE.id}`,
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
