import { type Selection, selectCatalogue } from '../../select.ts';
import { UsageError } from '../../usage-error.ts';
import type { LoadOrder } from './load-aside.ts';

/** What was found: the catalogue, or what is wrong with it. */
export type Loaded = { ok: true; selection: Selection } | { ok: false; message: string; fix: string | null };

// A process of its own, forked for one catalogue.
process.once('message', ({ options, env }: LoadOrder) => {
  const loaded = load(options, env);
  process.send?.(loaded, () => process.exit(0));
});
process.once('disconnect', () => process.exit(0));

function load(options: LoadOrder['options'], env: LoadOrder['env']): Loaded {
  try {
    return { ok: true, selection: selectCatalogue(options, env) };
  } catch (error) {
    if (error instanceof UsageError) return { ok: false, message: error.message, fix: error.fix };
    throw error;
  }
}
