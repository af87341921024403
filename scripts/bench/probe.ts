import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { cpuSeconds } from '../load/cpu.ts';
import { SMALL_HEAP_FLAGS } from '../probe/small-heap.ts';
import { HarnessError } from '../process/harness-error.ts';
import { startBlackboxExporter } from './blackbox-exporter.ts';
import { askHelper, forkHelper } from './helper-process.ts';
import type { ProbeProberOrder, ProbeProberReport } from './probe-prober.ts';
import { CALIBRATED_PATH, type ProbeServerListening } from './probe-server.ts';
import { blackbox, firedrill, type Subject } from './probe-subjects.ts';
import type { Bench } from './result.ts';

/** Both probers, in turn; a round is one turn of each. */
const ROUNDS = 5;
const ROUND_MS = 5_000;
/** Looks at the calibrated server, one after the other, in each round. */
const LOOKS = 400;
/** Code is compiled, connections are open and the heap has its size. */
const WARM_UP_MS = 1_500;
const MAX_CPU_RATIO = 0.4;
const MAX_ADDED_MS = 0.5;

/**
 * What a probe costs: processor time of firedrill's scheduled http probe and of blackbox_exporter's, of the same server at the same rate, each
 * over fresh connections with all phases measured, idle time taken off; and the time that each adds to what a calibrated server knows that it
 * took. Server, probers and this program are processes of their own.
 */
export const benchProbe: Bench = async ({ log, signal }) => {
  const ask = <Answer>(child: ChildProcess, order: string | object) =>
    askHelper<Answer>(child, order, { signal, withinMs: 60_000 });
  const server = forkHelper('probe-server');
  const prober = forkHelper('probe-prober', SMALL_HEAP_FLAGS);
  const peer = await startBlackboxExporter(PEER_CONFIG);
  const pool = new Pool(peer.url, { connections: 32 });
  try {
    const { port } = await ask<ProbeServerListening>(server, 'port');
    const subjects: Subject[] = [firedrill(prober, port, ask<ProbeProberReport>), blackbox(peer.pid, pool, port)];
    const cpu = new Map<string, number[]>();
    const added = new Map<string, number[]>();
    const bare: number[] = [];
    const note = (map: Map<string, number[]>, name: string, values: readonly number[]) =>
      void map.set(name, [...(map.get(name) ?? []), ...values]);
    for (const { look } of subjects) await look(LOOKS);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await ask(server, 'delays');
      const order: ProbeProberOrder = { do: 'bare', port, path: CALIBRATED_PATH, count: LOOKS };
      const { durationsMs } = await ask<ProbeProberReport>(prober, order);
      const knownMs = await ask<number[]>(server, 'delays');
      bare.push(...durationsMs.map((ms, index) => ms - (knownMs[index] ?? 0)));
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
    const beyondBareAt = (share: number) => (name: string) => addedAt(share)(name) - quantile(bare, share);
    return {
      name: 'probe',
      figures: [
        figure('processor time for a probe', 'us', (name) => quantile(cpu.get(name) ?? [], 0.5), MAX_CPU_RATIO),
        // Bounded by themselves, whatever the peer adds; the first without what the machine adds to any connection at that moment.
        {
          ...figure('latency added to that of a bare socket, p99', 'ms', beyondBareAt(0.99), MAX_ADDED_MS),
          ratio: null,
        },
        { ...figure('latency added to that of a bare socket, p50', 'ms', beyondBareAt(0.5), null), ratio: null },
        { ...figure('latency added, p99', 'ms', addedAt(0.99), MAX_ADDED_MS), ratio: null },
        { ...figure('latency added, p50', 'ms', addedAt(0.5), null), ratio: null },
        ...[0.99, 0.5].map((share) => ({
          metric: `latency of a bare socket, p${share * 100}`,
          unit: 'ms',
          ours: quantile(bare, share),
          peer: null,
          ratio: null,
          limit: null,
        })),
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

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
