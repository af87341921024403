import { connect } from 'node:net';
import { systemClock } from '../../probes/clock.ts';
import { DEFAULT_LIMITS } from '../../probes/context.ts';
import { kindOf } from '../../probes/kinds.ts';
import { type ProbeRunner, startProbes } from '../../probes/runner.ts';
import { systemContext } from '../../probes/system-context.ts';
import { planTargets } from '../../probes/target.ts';
import type { AddressBook, Catalogue } from '../../thresholds/model.ts';

/**
 * What the prober is told: to probe a catalogue on its schedule, to say how far it is, to stop, or to look at its first target so often, one after the other; or to ask for a path so often over
 * a bare socket, which shows what the machine itself adds at that moment.
 */
export type ProbeProberOrder =
  | { do: 'schedule'; catalogue: Catalogue; addresses: AddressBook }
  | { do: 'count' }
  | { do: 'stop' }
  | { do: 'look'; catalogue: Catalogue; addresses: AddressBook; count: number }
  | { do: 'bare'; port: number; path: string; count: number };

/** Runs of the schedule and how many failed, or the durations of the looks. */
export interface ProbeProberReport {
  runs: number;
  failures: number;
  durationsMs: number[];
}

// A process of its own, forked by the benchmark: the runner as `firedrill probe` uses it, and nothing beside it.
let runner: ProbeRunner | null = null;

process.on('message', async (order: ProbeProberOrder) => {
  process.send?.(await obey(order));
});
process.once('disconnect', () => process.exit(0));

async function obey(order: ProbeProberOrder): Promise<ProbeProberReport> {
  const report: ProbeProberReport = { runs: 0, failures: 0, durationsMs: [] };
  if (order.do === 'schedule') runner = startProbes(order);
  else if (order.do === 'bare') {
    while (report.runs < order.count) {
      report.durationsMs.push(await askBare(order));
      report.runs += 1;
    }
  } else if (order.do !== 'look') {
    for (const { runs, failures } of runner?.results().values() ?? []) {
      report.runs += runs;
      report.failures += failures;
    }
    if (order.do === 'stop') {
      await runner?.stop();
      runner = null;
    }
  } else {
    const clock = systemClock();
    const [target] = planTargets(order.catalogue, order.addresses);
    if (target === undefined) return report;
    const probe = kindOf(target.spec).create(systemContext(clock), target);
    const { signal } = new AbortController();
    for (let index = 0; index < order.count; index += 1) {
      const { durationSeconds, outcome } = await probe.run({ ...DEFAULT_LIMITS, signal });
      report.runs += 1;
      if (outcome !== 'success') report.failures += 1;
      report.durationsMs.push(durationSeconds * 1_000);
    }
  }
  return report;
}

/** Milliseconds from the connection to the end of the answer. */
function askBare({ port, path }: { port: number; path: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', reject);
    socket.on('data', () => {});
    socket.on('end', () => resolve(performance.now() - startMs));
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
  });
}
