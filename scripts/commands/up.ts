import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../probes/clock.ts';
import { createRemoteWrite } from '../../probes/delivery/remote-write.ts';
import { createStatusBoard } from '../../probes/history/status-board.ts';
import { startProbes } from '../../probes/runner.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { Interrupted, untilAborted } from '../interrupt.ts';
import { serveProbes } from '../probe/serve.ts';
import { startObserver } from '../run/observer.ts';
import { openSession } from '../run/session.ts';
import { selectCatalogue } from '../select.ts';
import { UsageError } from '../usage-error.ts';
import { packageVersion } from '../version.ts';
import type { AddCommand, CatalogueOptions } from './command.ts';
import { withCatalogueOptions } from './options.ts';

/** `firedrill up`: fleet, probes, Prometheus and Alertmanager in the foreground until Ctrl-C. */
export const addUp: AddCommand = (program, run) => {
  const command = program
    .command('up')
    .description('fleet, probes, Prometheus and Alertmanager in the foreground, with their addresses')
    .option('--own-ports', 'simulated services take the ports of the catalogue; one --system at a time');
  withCatalogueOptions(command).action(
    run<CatalogueOptions & { ownPorts?: boolean }>(async ({ output, signal, env }, options) => {
      const selection = selectCatalogue(options, env);
      if (options.ownPorts === true && selection.catalogue.systems.length > 1) {
        throw new UsageError('systems share ports, so only one can have its own', 'add --system NAME');
      }
      const dir = mkdtempSync(join(tmpdir(), 'firedrill-up-'));
      const ports = options.ownPorts === true ? 'own' : 'free';
      const session = await openSession({
        selection,
        dir,
        tools: ['prometheus', 'alertmanager'],
        output,
        signal,
        env,
        ports,
      });
      try {
        const observer = await startObserver(session);
        await session.fleet?.startBackground();
        const clock = systemClock();
        const board = createStatusBoard();
        const probes = startProbes({
          catalogue: selection.catalogue,
          addresses: session.addresses,
          caFile: session.fleet?.caFile ?? null,
          sink: createRemoteWrite({ url: `${observer.prometheus.url}/api/v1/write`, clock }),
          watcher: board,
          clock,
          env,
        });
        const { environment } = selection.catalogue;
        const pages = await serveProbes({
          runner: probes,
          status: { board, clock, environment, version: packageVersion() },
        });
        session.onClose(pages.stop);
        const addresses = {
          status: pages.url,
          prometheus: observer.prometheus.url,
          alertmanager: observer.alertmanagerUrl,
          ...Object.fromEntries(session.addresses),
        };
        if (output.json) output.result(JSON.stringify(addresses, null, 2));
        else {
          const width = Math.max(...Object.keys(addresses).map((name) => name.length));
          output.result(
            Object.entries(addresses)
              .map(([name, url]) => `  ${name.padEnd(width)}  ${url}`)
              .join('\n'),
          );
        }
        output.line('up; Ctrl-C ends it');
        await untilAborted(session.signal);
        await probes.stop();
        if (!(session.signal.reason instanceof Interrupted)) throw session.signal.reason;
        return EXIT_CODE.interrupted;
      } finally {
        await session.close();
        rmSync(dir, { recursive: true, force: true });
      }
    }),
  );
};
