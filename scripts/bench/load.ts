import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planLoad } from '../../thresholds/plan-load.ts';
import { PROFILES } from '../../thresholds/profiles.ts';
import { bundleScenarios, packagedScenarios } from '../load/bundle.ts';
import { type K6Options, k6Options } from '../load/k6-options.ts';
import { scenarioRequests } from '../load/requests.ts';
import { k6Command, writeK6Files } from '../load/run-k6.ts';
import { ProcessScope } from '../process/scope.ts';
import { resolveTool } from '../tools/resolve.ts';
import { benchCatalogue } from './bench-catalogue.ts';
import { handWrittenScript } from './hand-written-k6.ts';
import { type K6Cost, measureK6 } from './k6-cpu.ts';
import type { Bench } from './result.ts';

/** The shape of a smoke run of the built-in catalogue: the cost of a request hangs on how many each virtual user sends. */
const ROUNDS = 3;
const ENDPOINTS = 80;
const REQUESTS_PER_ENDPOINT = 306;
const ROUND_MS = 28_800;
/** Processor time of ours for a request, against the hand-written script's. */
const CPU_LIMIT = 1.1;
/** What bundling and start-up may add to a run. */
const START_UP_LIMIT_SECONDS = 0.5;

/**
 * What firedrill's scenarios cost in k6 against a script written by hand for the same endpoints, at the same rate, alternating
 * in one run. The figures are medians, the ratio that of the ratios of neighbouring runs, which a slow minute of the machine moves least.
 */
export const benchLoad: Bench = async ({ log, signal }) => {
  await using scope = new ProcessScope();
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-bench-'));
  const stop = () => scope.stopAll();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const k6Path = (await resolveTool('k6', { signal })).path;
    const baseUrl = await startServer(scope);
    const ours: K6Cost[] = [];
    const peer: K6Cost[] = [];
    const rounds = { scope, dir, k6Path, baseUrl };
    // A round that does not count: the first run of each pays for cold caches.
    await runOurs(rounds);
    await runPeer(rounds);
    for (let round = 1; round <= ROUNDS; round += 1) {
      signal.throwIfAborted();
      const turns = round % 2 === 0 ? [runOurs, runPeer] : [runPeer, runOurs];
      for (const turn of turns) (turn === runOurs ? ours : peer).push(await turn(rounds));
      log(
        `round ${round} of ${ROUNDS}: ${perRequest(ours.slice(-1))} us ours, ${perRequest(peer.slice(-1))} us by hand`,
      );
    }
    const [oursUs, peerUs] = [perRequest(ours), perRequest(peer)];
    const ratio = median(ours.map(({ cpuSeconds }, index) => cpuSeconds / (peer[index]?.cpuSeconds ?? Number.NaN)));
    const added = median(ours.map(({ wallSeconds }, index) => wallSeconds - (peer[index]?.wallSeconds ?? 0)));
    return {
      name: 'load',
      figures: [
        {
          metric: 'k6 CPU per request',
          unit: 'microseconds',
          ours: oursUs,
          peer: peerUs,
          ratio: round(ratio, 3),
          limit: CPU_LIMIT,
        },
        {
          metric: 'bundling and start-up',
          unit: 'seconds',
          ours: round(added, 3),
          peer: null,
          ratio: null,
          limit: START_UP_LIMIT_SECONDS,
        },
      ],
    };
  } finally {
    signal.removeEventListener('abort', stop);
    await scope.stopAll();
    await rm(dir, { recursive: true, force: true });
  }
};

interface Rounds {
  scope: ProcessScope;
  dir: string;
  k6Path: string;
  baseUrl: string;
}

/** All that a load run does, from the plan to the end of k6. */
async function runOurs({ scope, dir, k6Path, baseUrl }: Rounds): Promise<K6Cost> {
  const started = performance.now();
  const { plan, options } = job();
  const { rows } = scenarioRequests(plan.endpoints, new Map([['bench/server', baseUrl]]), {});
  const program = await bundleScenarios(packagedScenarios(), dir);
  await writeK6Files({ dir, options, plan: { rows } });
  const cost = await measureK6(scope, { k6Path, ...k6Command({ dir, program, prometheusUrl: null, env: {} }) });
  return { ...cost, wallSeconds: (performance.now() - started) / 1_000 };
}

async function runPeer({ scope, dir, k6Path, baseUrl }: Rounds): Promise<K6Cost> {
  const { plan, options } = job();
  const script = join(dir, 'by-hand.js');
  const paths = plan.endpoints.map(({ endpoint }) => (endpoint.kind === 'http' ? endpoint.path : '/'));
  await writeFile(script, handWrittenScript(options, baseUrl, paths));
  const args = ['run', '--quiet', '--no-usage-report', '--address', '', script];
  return measureK6(scope, { k6Path, args, cwd: dir, env: { K6_AUTO_EXTENSION_RESOLUTION: 'false' } });
}

function job(): { plan: ReturnType<typeof planLoad>; options: K6Options } {
  const catalogue = benchCatalogue(ENDPOINTS);
  const options = { durationMs: ROUND_MS, maxRequests: ENDPOINTS * REQUESTS_PER_ENDPOINT };
  const plan = planLoad(catalogue, PROFILES.smoke, options);
  return { plan, options: k6Options(plan) };
}

async function startServer(scope: ProcessScope): Promise<string> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const program = fileURLToPath(new URL(`trivial-server.${extension}`, import.meta.url));
  const server = await scope.start({ name: 'bench server', file: process.execPath, args: [program] });
  const [, port] = await server.waitForLine(/Listening on (\d+)/, 10_000);
  return `http://127.0.0.1:${port}`;
}

/** Microseconds. */
function perRequest(costs: readonly K6Cost[]): number {
  const seconds = median(costs.map(({ cpuSeconds }) => cpuSeconds));
  return round((seconds / (ENDPOINTS * REQUESTS_PER_ENDPOINT)) * 1e6, 1);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
