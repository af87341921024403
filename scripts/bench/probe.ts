import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { cpuSeconds } from '../load/cpu.ts';
import { HarnessError } from '../process/harness-error.ts';
import { startBlackboxExporter } from './blackbox-exporter.ts';
import { askHelper, forkHelper } from './helper-process.ts';
import type { ProbeProberOrder, ProbeProberReport } from './probe-prober.ts';
import { CALIBRATED_PATH, type ProbeServerListening } from './probe-server.ts';
import type { Bench } from './result.ts';

/** Both probers, in turn; a round is one turn of each. */
const ROUNDS = 5;
const ROUND_MS = 5_000;
/** As ten thousand targets every 15 seconds ask for. */
const PROBES_PER_SECOND = 667;
/** Long enough for a run on a loaded machine: an answer that is late is no failure of this benchmark. */
const INTERVAL_SECONDS = 5;
/** Looks at the calibrated server, one after the other, in each round. */
const LOOKS = 400;
/** Code is compiled, connections are open and the heap has its size. */
const WARM_UP_MS = 1_500;
const MAX_CPU_RATIO = 0.4;
const MAX_ADDED_MS = 0.5;

/** One prober under test. */
interface Subject {
  name: 'firedrill' | 'blackbox_exporter';
  pid: number;
  /** Begins to probe at the rate. */
  start(): Promise<void>;
  /** Probes since then. */
  count(): Promise<number>;
  stop(): Promise<void>;
  /** Durations of so many looks at the calibrated server, as the prober measured them. */
  look(count: number): Promise<number[]>;
}

/**
 * What a probe costs: processor time of firedrill's scheduled http probe and of blackbox_exporter's, of the same server at the same rate, each
 * over fresh connections with all phases measured, idle time taken off; and the time that each adds to what a calibrated server knows that it
 * took. Server, probers and this program are processes of their own.
 */
export const benchProbe: Bench = async ({ log, signal }) => {
  const ask = <Answer>(child: ChildProcess, order: string | object) =>
    askHelper<Answer>(child, order, { signal, withinMs: 60_000 });
  const server = forkHelper('probe-server');
  const prober = forkHelper('probe-prober');
  const peer = await startBlackboxExporter(PEER_CONFIG);
  const pool = new Pool(peer.url, { connections: 32 });
  try {
    const { port } = await ask<ProbeServerListening>(server, 'port');
    const subjects: Subject[] = [firedrill(prober, port, ask<ProbeProberReport>), blackbox(peer.pid, pool, port)];
    const cpu = new Map<string, number[]>();
    const added = new Map<string, number[]>();
    const note = (map: Map<string, number[]>, name: string, values: readonly number[]) =>
      void map.set(name, [...(map.get(name) ?? []), ...values]);
    for (const { look } of subjects) await look(LOOKS);
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const { name, pid, start, count, stop, look } of subjects) {
        const wait = (ms: number) => delay(ms, undefined, { signal });
        const idle = await cpuOver(pid, () => wait(ROUND_MS / 2));
        await start();
        await wait(WARM_UP_MS);
        const before = await count();
        const busy = await cpuOver(pid, () => wait(ROUND_MS));
        const probes = (await count()) - before;
        await stop();
        const microseconds = ((busy - idle * 2) / probes) * 1e6;
        note(cpu, name, [microseconds]);
        await ask(server, 'delays');
        const seenMs = await look(LOOKS);
        const trueMs = await ask<number[]>(server, 'delays');
        if (trueMs.length !== seenMs.length) {
          throw new HarnessError(`${name} was asked for ${seenMs.length} looks`, {
            reason: `the calibrated server counted ${trueMs.length}`,
          });
        }
        note(
          added,
          name,
          seenMs.map((ms, index) => ms - (trueMs[index] ?? 0)),
        );
        log(`round ${round} of ${ROUNDS}: ${name} ${microseconds.toFixed(0)} us CPU a probe`);
      }
    }
    const figure = (metric: string, unit: string, of: (name: Subject['name']) => number, limit: number | null) => {
      const [ours, theirs] = [of('firedrill'), of('blackbox_exporter')];
      return { metric, unit, ours, peer: theirs, ratio: ours / theirs, limit };
    };
    const addedAt = (share: number) => (name: string) => quantile(added.get(name) ?? [], share);
    return {
      name: 'probe',
      figures: [
        figure('processor time for a probe', 'us', (name) => quantile(cpu.get(name) ?? [], 0.5), MAX_CPU_RATIO),
        // Bounded by itself, whatever the peer adds.
        { ...figure('latency added, p99', 'ms', addedAt(0.99), MAX_ADDED_MS), ratio: null },
        { ...figure('latency added, p50', 'ms', addedAt(0.5), null), ratio: null },
      ],
    };
  } finally {
    await pool.destroy();
    prober.kill('SIGKILL');
    server.kill('SIGKILL');
    await peer[Symbol.asyncDispose]();
  }
};

const PEER_CONFIG = 'modules: { http_2xx: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4 } } }\n';

function firedrill(
  prober: ChildProcess,
  port: number,
  ask: (child: ChildProcess, order: ProbeProberOrder) => Promise<ProbeProberReport>,
): Subject {
  const addresses = (catalogue: Catalogue) =>
    new Map(
      catalogue.systems.flatMap(({ services }) => services.map(({ target }) => [target, `http://127.0.0.1:${port}`])),
    );
  const scheduled = catalogueOf(PROBES_PER_SECOND * INTERVAL_SECONDS, '/');
  const calibrated = catalogueOf(1, CALIBRATED_PATH);
  return {
    name: 'firedrill',
    pid: prober.pid ?? 0,
    async start() {
      await ask(prober, { do: 'schedule', catalogue: scheduled, addresses: addresses(scheduled) });
    },
    count: async () => judged('firedrill', await ask(prober, { do: 'count' })).runs,
    async stop() {
      await ask(prober, { do: 'stop' });
    },
    async look(count) {
      const order = { do: 'look', catalogue: calibrated, addresses: addresses(calibrated), count } as const;
      return judged('firedrill', await ask(prober, order)).durationsMs;
    },
  };
}

/** Driven as Prometheus drives it: by scrapes over kept connections. */
function blackbox(pid: number, pool: Pool, port: number): Subject {
  const scrape = async (path: string): Promise<number> => {
    const query = new URLSearchParams({ target: `http://127.0.0.1:${port}${path}`, module: 'http_2xx' });
    const { body } = await pool.request({ method: 'GET', path: `/probe?${query}` });
    const text = await body.text();
    const figures = /^probe_duration_seconds (\S+)$[\s\S]*^probe_success 1$/m.exec(text);
    if (figures === null) throw new HarnessError('blackbox_exporter failed a probe', { reason: text.slice(-300) });
    return Number(figures[1]) * 1_000;
  };
  let answered = 0;
  let problem: unknown = null;
  let driving = new AbortController();
  let running = Promise.resolve();
  return {
    name: 'blackbox_exporter',
    pid,
    async start() {
      answered = 0;
      const startMs = performance.now();
      let sent = 0;
      driving = new AbortController();
      const { signal } = driving;
      running = (async () => {
        while (!signal.aborted) {
          const due = Math.floor(((performance.now() - startMs) / 1_000) * PROBES_PER_SECOND);
          for (; sent < due; sent += 1) {
            scrape('/').then(
              () => {
                answered += 1;
              },
              (error) => {
                problem ??= error;
              },
            );
          }
          await delay(2);
        }
      })();
    },
    async count() {
      if (problem !== null) throw problem;
      return answered;
    },
    async stop() {
      driving.abort();
      await running;
    },
    async look(count) {
      const seen: number[] = [];
      while (seen.length < count) seen.push(await scrape(CALIBRATED_PATH));
      return seen;
    },
  };
}

function judged(name: string, report: ProbeProberReport): ProbeProberReport {
  if (report.failures === 0) return report;
  throw new HarnessError(`${name} failed ${report.failures} of ${report.runs} probes`, {
    reason: 'the server of the benchmark answers all',
  });
}

async function cpuOver(pid: number, work: () => Promise<unknown>): Promise<number> {
  const read = () => {
    const seconds = cpuSeconds(pid);
    if (seconds !== null) return seconds;
    throw new HarnessError('processor time cannot be read', {
      reason: `no /proc/${pid}/stat`,
      hint: 'run it on Linux',
    });
  };
  const before = read();
  await work();
  return read() - before;
}

/** So many services, each probed once an interval. */
function catalogueOf(count: number, path: string): Catalogue {
  const services = Array.from(
    { length: count },
    (_, index) =>
      `  - { id: web-${index}, kind: exporter, address: 'fleet:', scrape: false, probe: { kind: http, path: ${path}, interval: ${INTERVAL_SECONDS}s, timeout: ${INTERVAL_SECONDS}s } }\n`,
  );
  const text = `system: bench\nenvironment: sim\nservices:\n${services.join('')}`;
  const result = loadCatalogue([{ path: 'bench.yaml', text }], { env: {} });
  if (result.ok) return result.catalogue;
  throw new HarnessError('the catalogue of the benchmark is wrong', { reason: result.problems[0]?.rule ?? '' });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
