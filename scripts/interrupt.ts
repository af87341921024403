/** Thrown, or the abort reason, when a person or a supervisor ended the run: exit 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Aborts when this process is asked to end. The first signal starts an orderly stop; further ones are the same wish handed on by npm
 * or the terminal, so they change nothing.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new Interrupted(`ended by ${signal}`)));
  }
  return controller.signal;
}

/** From now on a SIGHUP is a call, such as to read the configuration again, and no longer the end. The returned function ends that. */
export function onHangup(callback: () => void): () => void {
  const before = process.listeners('SIGHUP');
  process.removeAllListeners('SIGHUP');
  process.on('SIGHUP', callback);
  return () => {
    process.removeListener('SIGHUP', callback);
    for (const listener of before) process.on('SIGHUP', listener);
  };
}

/** Resolves once the signal is aborted; at once if it is. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
