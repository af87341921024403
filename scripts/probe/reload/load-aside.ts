import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CatalogueOptions } from '../../commands/command.ts';
import type { Selection } from '../../select.ts';
import { UsageError } from '../../usage-error.ts';
import type { Loaded } from './load-worker.ts';

/** What a worker is told to load. */
export interface LoadOrder {
  options: CatalogueOptions;
  env: NodeJS.ProcessEnv;
}

/**
 * Reads and checks the catalogue of a command line in a thread of its own, so that this one stays free.
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
  const worker = new Worker(new URL(`./load-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: order,
  });
  const loaded = await new Promise<Loaded>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that reads the catalogue ended with code ${code}`)));
  });
  if (loaded.ok) return loaded.selection;
  throw new UsageError(loaded.message, loaded.fix);
}
