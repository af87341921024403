import { parentPort, workerData } from 'node:worker_threads';
import { type Selection, selectCatalogue } from '../../select.ts';
import { UsageError } from '../../usage-error.ts';
import type { LoadOrder } from './load-aside.ts';

/** What the worker found: the catalogue, or what is wrong with it. */
export type Loaded = { ok: true; selection: Selection } | { ok: false; message: string; fix: string | null };

// A thread of its own: ten thousand services take a second to read and check, in which no probe could start.
const { options, env } = workerData as LoadOrder;
let loaded: Loaded;
try {
  loaded = { ok: true, selection: selectCatalogue(options, env) };
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  loaded = { ok: false, message: error.message, fix: error.fix };
}
parentPort?.postMessage(loaded);
