import { onHangup } from '../../interrupt.ts';
import { watchCatalogue } from './catalogue-watch.ts';
import type { Reloader } from './reloader.ts';

/** Reloads on SIGHUP and, where wanted, when the files of the catalogue change. The returned function ends both. */
export async function watchForReloads(
  reloader: Reloader,
  { path, watch }: { path: string; watch: boolean },
): Promise<() => void> {
  const endHangup = onHangup(() => void reloader.reload('SIGHUP'));
  const endWatch = watch
    ? await watchCatalogue({ path, onChange: () => void reloader.reload('changed files') })
    : () => {};
  return () => {
    endHangup();
    endWatch();
  };
}
