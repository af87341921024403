import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../probes/clock.ts';
import { startProbes } from '../../probes/runner.ts';
import { systemLookup } from '../../probes/system-context.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { Interrupted, untilAborted } from '../interrupt.ts';
import { allowManyLookups } from '../probe/many-lookups.ts';
import { describeLeftOut, probeOnceOutcome, runProbeOnce } from '../probe/once.ts';
import { accessOf, onDemandOf, openSink, type PageOptions, withPageOptions } from '../probe/page-options.ts';
import { openProberState, withOwnFolders } from '../probe/prober-state.ts';
import { selectCatalogueAside } from '../probe/reload/load-aside.ts';
import { createReloader } from '../probe/reload/reloader.ts';
import { watchForReloads } from '../probe/reload/triggers.ts';
import { heartbeatReceiver } from '../probe/routes/heartbeat.ts';
import { type RunOptions, runnerOptions, withRunOptions } from '../probe/run-options.ts';
import { serveProbes } from '../probe/serve.ts';
import { restartWithSmallHeap } from '../probe/small-heap.ts';
import { probeTable } from '../probe/table.ts';
import { addressBook, openSession, type Session } from '../run/session.ts';
import { selectCatalogue } from '../select.ts';
import { packageVersion } from '../version.ts';
import type { AddCommand, CatalogueOptions, CommandContext } from './command.ts';
import { withCatalogueOptions } from './options.ts';

interface ProbeOptions extends CatalogueOptions, PageOptions, RunOptions {
  once?: boolean;
}

/** `firedrill probe`: the probe runner; with --once, one run of each target. */
export const addProbe: AddCommand = (program, run) => {
  const command = program
    .command('probe')
    .description('probe every service; push the results, or serve them on /metrics')
    .option('--once', 'probe each target once, print the results and exit');
  withCatalogueOptions(withRunOptions(withPageOptions(command))).action(
    run<ProbeOptions>(async (context, options) => {
      const { once: justOnce = false } = options;
      allowManyLookups(process.env);
      if (!justOnce) restartWithSmallHeap();
      // Before anything starts.
      if (!justOnce) accessOf(options, context.env);
      // What ten thousand services take to be read would stay in the memory of a process that runs for months.
      const selection = justOnce
        ? selectCatalogue(options, context.env)
        : await selectCatalogueAside({ options, env: context.env });
      const dir = mkdtempSync(join(tmpdir(), 'firedrill-probe-'));
      const session = await openSession({ ...context, selection, dir, tools: [] });
      try {
        return await (justOnce
          ? once(session, context)
          : withOwnFolders(ownFolders(options), context, () => serve(session, context, options)));
      } finally {
        await session.close();
        rmSync(dir, { recursive: true, force: true });
      }
    }),
  );
};

async function once(session: Session, { output, env }: CommandContext): Promise<number> {
  const { selection, addresses, fleet, signal } = session;
  const results = await runProbeOnce({ catalogue: selection.catalogue, addresses, caFile: fleet?.caFile, signal, env });
  output.result(output.json ? JSON.stringify(results, null, 2) : probeTable(results).join('\n'));
  const leftOut = describeLeftOut(selection.catalogue);
  if (leftOut !== null) output.line(`  ${leftOut}`);
  return EXIT_CODE[probeOnceOutcome(results)];
}

/** Two probers in one of these would overwrite each other. */
function ownFolders({ state, spool }: ProbeOptions) {
  return [
    { option: 'state', folder: state },
    { option: 'spool', folder: spool },
  ];
}

async function serve(session: Session, { output, env }: CommandContext, options: ProbeOptions): Promise<number> {
  const { selection, addresses, fleet, signal } = session;
  const clock = systemClock();
  const version = packageVersion();
  const { environment } = selection.catalogue;
  const guard = accessOf(options, env);
  const warn = (text: string) => output.line(text);
  const state = await openProberState(options.state, { clock, warn });
  const sink = await openSink(options, clock, env);
  const runner = startProbes({
    catalogue: selection.catalogue,
    addresses,
    caFile: fleet?.caFile,
    clock,
    env,
    state: state.store,
    watcher: state.board,
    version,
    traces: options.traceparent === true,
    ...runnerOptions(options),
    ...(sink === undefined ? {} : { sink }),
  });
  const load = async () => {
    const { catalogue, surroundings } = await selectCatalogueAside({ options, env });
    const services = surroundings.systems.flatMap((system) => system.services);
    return { catalogue, addresses: addressBook(services, fleet), caFile: fleet?.caFile ?? null };
  };
  const reloader = createReloader({ runner, load, log: warn, env });
  const endReloads = await watchForReloads(reloader, { path: options.catalogue, watch: options.watch });
  try {
    const server = await serveProbes({
      runner,
      reloader,
      listen: options.listen,
      guard,
      onDemand: onDemandOf(options, clock, env, systemLookup, state.store),
      heartbeats: heartbeatReceiver(state.store, clock, env),
      status: { board: state.board, clock, environment, version },
      onError: (error, path) => warn(`${path}: ${(error as Error).message}`),
    });
    output.result(
      output.json
        ? JSON.stringify({ url: server.url })
        : `probing; status page at ${server.url}/, metrics at ${server.url}/metrics; Ctrl-C ends it`,
    );
    await untilAborted(signal);
    await server.stop();
  } finally {
    endReloads();
    await state.keep();
    await runner.stop();
  }
  if (!(signal.reason instanceof Interrupted)) throw signal.reason;
  return EXIT_CODE.interrupted;
}
