import type { Clock } from './clock.ts';
import { ProbeFailure } from './failure.ts';

/**
 * One deadline over all stages of a run: name resolution, connection, handshake, request and body. Whatever stage is under way
 * when it passes is cancelled and fails with `timeout`, so that neither a silent server nor an endless answer holds a run.
 */
export interface Deadline {
  /**
   * Runs one stage. `begin` starts it and returns how to cancel it.
   * @throws ProbeFailure `timeout` when the time is over, or the reason of the abort.
   */
  stage<T>(
    name: string,
    begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
  ): Promise<T>;
  /** Frees the timer; call it when the run is over. */
  close(): void;
}

/** Starts a deadline; `signal` ends the run early. */
export function startDeadline(clock: Clock, timeoutMs: number, signal: AbortSignal): Deadline {
  let over: ((stage: string) => Error) | null = null;
  let interrupt: (() => void) | null = null;
  const end = (cause: (stage: string) => Error) => {
    over ??= cause;
    interrupt?.();
  };
  const cancelTimer = clock.after(timeoutMs, () =>
    end((stage) => new ProbeFailure('timeout', `no end within ${timeoutMs} ms, at ${stage}`)),
  );
  const onAbort = () => end(() => signal.reason as Error);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  return {
    stage(name, begin) {
      return new Promise((resolve, reject) => {
        if (over !== null) return reject(over(name));
        const cancel = begin(
          (value) => {
            interrupt = null;
            resolve(value);
          },
          (error) => {
            interrupt = null;
            reject(error);
          },
        );
        interrupt = () => {
          interrupt = null;
          reject(over?.(name));
          cancel();
        };
      });
    },
    close() {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
    },
  };
}
