import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'undici';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { HarnessError } from '../process/harness-error.ts';
import type { ProbeProberOrder, ProbeProberReport } from './probe-prober.ts';
import { CALIBRATED_PATH } from './probe-server.ts';

/** As ten thousand targets every 15 seconds ask for. */
const PROBES_PER_SECOND = 667;
/** Long enough for a run on a loaded machine: an answer that is late is no failure of this benchmark. */
const INTERVAL_SECONDS = 5;

/** One prober under test. */
export interface Subject {
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

/** Ours: the runner on its schedule, in a process of its own. */
export function firedrill(
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

/** The peer, driven as Prometheus drives it: by scrapes over kept connections. */
export function blackbox(pid: number, pool: Pool, port: number): Subject {
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
