import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLagHistogram } from '../../probes/schedule/lag-histogram.ts';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { formatCount, formatDuration } from '../../thresholds/units.ts';
import { SMALL_HEAP_FLAGS } from '../probe/small-heap.ts';
import { HarnessError } from '../process/harness-error.ts';
import { ProcessScope } from '../process/scope.ts';
import { type Prometheus, startPrometheus } from '../stack/prometheus.ts';
import { resolveTool } from '../tools/resolve.ts';
import { askHelper, forkHelper } from './helper-process.ts';
import { lagQuantile } from './lag-quantile.ts';
import type { Bench, BenchFigure } from './result.ts';
import type { ProberOrder, ProberReport } from './targets-prober.ts';
import type { TargetsListening } from './targets-server.ts';

const TARGETS = 10_000;
const INTERVAL_SECONDS = 15;
/** Spread over so many ports, as targets are over hosts: the cap for each host and the ports of the machine hold. */
const PORTS = 40;
const DEFAULT_MS = 600_000;
/** Until every target has run twice and memory has found its level; lag is judged from then on, all else from the start. */
const WARM_UP_MS = 2 * INTERVAL_SECONDS * 1_000;
/** The last answer comes when everything queued is sent. */
const ANSWER_WITHIN_MS = 90_000;
const IDLE_TICK_MS = 20;
const LIMIT = { lagMs: 50, megabytes: 300 };

/**
 * Ten thousand targets every 15 seconds in one process, pushed into a real Prometheus: how late runs start, what is wrongly called a
 * failure, how much memory it takes, and whether each sample arrives. Targets, prober and Prometheus are processes of their own.
 */
export const benchTargets: Bench = async ({ log, signal, durationMs = DEFAULT_MS }) => {
  await using scope = new ProcessScope();
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-bench-'));
  const server = forkHelper('targets-server');
  const prober = forkHelper('targets-prober', SMALL_HEAP_FLAGS);
  try {
    const prometheus = await startPrometheus({
      scope,
      tool: await resolveTool('prometheus', { signal }),
      dir: join(dir, 'prometheus'),
      config: 'global: { scrape_interval: 1h }\n',
      readyDeadlineMs: 30_000,
    });
    const { ports } = await ask<TargetsListening>(server, PORTS, signal);
    const catalogue = catalogueOf(ports);
    const addresses = new Map(
      catalogue.systems.flatMap(({ services }) =>
        services.map(({ target, address }) => [target, address.kind === 'url' ? address.url : '']),
      ),
    );
    const order = { catalogue, addresses, url: `${prometheus.url}/api/v1/write` };
    const measure = <T>(work: Promise<T>) => scope.guard(work);
    await measure(ask<ProberReport>(prober, order, signal));
    await measure(delay(WARM_UP_MS, undefined, { signal }));
    const start = await measure(ask<ProberReport>(prober, 'report', signal));
    log(`warm: ${describe(start)}`);
    const endMs = performance.now() + durationMs;
    const idle = watchIdleTimers();
    let latest = start;
    let worstStallSeconds = 0;
    while (performance.now() < endMs) {
      await measure(delay(Math.min(10_000, Math.max(0, endMs - performance.now())), undefined, { signal }));
      latest = await measure(ask<ProberReport>(prober, 'report', signal));
      worstStallSeconds = Math.max(worstStallSeconds, latest.worstLagSeconds);
      log(describe(latest));
    }
    const idleLagSeconds = idle.p99Seconds();
    const end = await ask<ProberReport>(prober, 'stop', signal);
    const arrived = await appendedSamples(prometheus);
    if (end.lastError !== '') log(`delivery: ${end.lastError}`);
    if (end.example !== '') log(`not a success: ${end.example}`);
    return {
      name: 'targets',
      figures: figuresOf({ start, latest, end, arrived, durationMs, worstStallSeconds, idleLagSeconds }),
    };
  } finally {
    prober.kill('SIGKILL');
    server.kill('SIGKILL');
    await scope.stopAll();
    await rm(dir, { recursive: true, force: true });
  }
};

interface Measured {
  /** After the warm-up, at the end of the measurement, and after the prober stopped. */
  start: ProberReport;
  latest: ProberReport;
  end: ProberReport;
  /** Samples in Prometheus. */
  arrived: number;
  durationMs: number;
  worstStallSeconds: number;
  idleLagSeconds: number;
}

function figuresOf({
  start,
  latest,
  end,
  arrived,
  durationMs,
  worstStallSeconds,
  idleLagSeconds,
}: Measured): BenchFigure[] {
  const lagCounts = latest.lagCounts.map((count, index) => count - (start.lagCounts[index] ?? 0));
  const runs = latest.runs - start.runs;
  const cpuSeconds = latest.cpuSeconds - start.cpuSeconds;
  const pushed = end.samplesSent + end.samplesDropped + end.samplesQueued;
  const figure = (metric: string, unit: string, ours: number, limit: number | null = null): BenchFigure => ({
    metric,
    unit,
    ours,
    peer: null,
    ratio: null,
    limit,
  });
  const due = (TARGETS / INTERVAL_SECONDS) * (durationMs / 1_000);
  return [
    figure('start lag, p99', 'ms', lagQuantile(lagCounts, 0.99) * 1_000, LIMIT.lagMs),
    figure('false failures', 'runs', end.failures, 0),
    figure('resident memory, most', 'MB', end.peakMegabytes, LIMIT.megabytes),
    figure('samples lost', 'samples', pushed - arrived, 0),
    figure('runs that could not be judged', 'runs', end.unknown),
    figure('runs skipped', 'runs', end.skipped),
    figure('runs among those due, at least', 'ratio', runs / due, 0.99),
    figure('memory for 1,000 targets', 'MB', ((end.peakMegabytes - end.idleMegabytes) / TARGETS) * 1_000),
    figure('processor time for a run, delivery included', 'us', (cpuSeconds / runs) * 1e6),
    figure('longest stall of the event loop', 'ms', worstStallSeconds * 1_000),
    figure('timers of an idle process beside it, late, p99', 'ms', idleLagSeconds * 1_000),
    figure('samples pushed', 'samples', pushed),
    figure('measured for', 's', durationMs / 1_000),
  ];
}

function describe(report: ProberReport): string {
  const { runs, failures, unknown, lagCounts, peakMegabytes, samplesQueued, worstLagSeconds } = report;
  const p99 = formatDuration(lagQuantile(lagCounts, 0.99) * 1_000);
  return `${formatCount(runs)} runs, ${failures} failed, ${unknown} unknown; start lag p99 ${p99}, longest stall ${formatDuration(worstLagSeconds * 1_000)}; ${Math.round(peakMegabytes)} MB; ${formatCount(samplesQueued)} samples queued`;
}

/** The calibration: how late timers are on this machine at this time in a process that does nothing else, this one. */
function watchIdleTimers(): { p99Seconds(): number } {
  const lag = createLagHistogram();
  let dueMs = performance.now() + IDLE_TICK_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lag.observe(Math.max(0, nowMs - dueMs) / 1_000);
    dueMs = nowMs + IDLE_TICK_MS;
  }, IDLE_TICK_MS);
  return {
    p99Seconds() {
      clearInterval(timer);
      return lagQuantile([...lag.counts], 0.99);
    },
  };
}

/** As the catalogue of ten thousand services that answer on so many ports would be. */
function catalogueOf(ports: readonly number[]): Catalogue {
  const services = Array.from({ length: TARGETS }, (_, index) => {
    const address = `http://127.0.0.1:${ports[index % ports.length]}`;
    const probe = `{ kind: http, path: /health, interval: ${INTERVAL_SECONDS}s, timeout: 5s }`;
    return `  - { id: web-${index}, kind: exporter, address: '${address}', scrape: false, probe: ${probe} }\n`;
  });
  const text = `system: bench\nenvironment: bench\nservices:\n${services.join('')}`;
  const result = loadCatalogue([{ path: 'bench.yaml', text }], { env: {} });
  if (result.ok) return result.catalogue;
  throw new HarnessError('the catalogue of the benchmark is wrong', { reason: result.problems[0]?.rule ?? '' });
}

/** Every sample that this Prometheus has ever taken: it scrapes nothing and evaluates nothing. */
async function appendedSamples({ url }: Pick<Prometheus, 'url'>): Promise<number> {
  const page = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(30_000) })).text();
  const counts = [...page.matchAll(/^prometheus_tsdb_head_samples_appended_total(?:\{type="float"\})? (\S+)$/gm)];
  if (counts.length === 1) return Number(counts[0]?.[1]);
  throw new HarnessError('Prometheus does not say how many samples it took', {
    reason: `${counts.length} series of prometheus_tsdb_head_samples_appended_total on ${url}/metrics`,
  });
}

const ask = <Answer>(child: ChildProcess, order: ProberOrder | number, signal: AbortSignal) =>
  askHelper<Answer>(child, order, { signal, withinMs: ANSWER_WITHIN_MS });
