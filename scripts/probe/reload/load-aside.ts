import { fork } from 'node:child_process';
import { extname } from 'node:path';
import type { CatalogueOptions } from '../../commands/command.ts';
import type { Selection } from '../../select.ts';
import { UsageError } from '../../usage-error.ts';
import type { Loaded } from './load-process.ts';

/** What is to be loaded. */
export interface LoadOrder {
  options: CatalogueOptions;
  env: NodeJS.ProcessEnv;
}

/**
 * Reads and checks the catalogue of a command line in a process of its own: ten thousand services take a second, in which no probe could
 * start here, and three hundred megabytes, which a thread would not give back.
 * @throws UsageError with every problem, as `selectCatalogue` does.
 */
export async function selectCatalogueAside({ options, env }: LoadOrder): Promise<Selection> {
  const { catalogue, environment, system, service } = options;
  // Nothing else of the command line: it may hold what cannot be handed over.
  const wanted = {
    catalogue,
    ...(environment && { environment }),
    ...(system && { system }),
    ...(service && { service }),
  };
  const order: LoadOrder = { options: wanted, env: { ...env } };
  // Structured clones: a catalogue holds maps.
  const child = fork(new URL(`./load-process${extname(import.meta.url)}`, import.meta.url), {
    execArgv: [],
    serialization: 'advanced',
  });
  const loaded = await new Promise<Loaded>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Loaded));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process that reads the catalogue ended with code ${code}`)));
    child.send(order);
  });
  if (loaded.ok) return loaded.selection;
  throw new UsageError(loaded.message, loaded.fix);
}
