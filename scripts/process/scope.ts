import type { HarnessError } from './harness-error.ts';
import { type ManagedProcess, type StartOptions, startProcess } from './managed.ts';
import { describeExit, processFailed } from './process-failure.ts';

/** Called when a process of the scope ends that nobody stopped and that was not meant to end by itself. */
export type UnexpectedExit = (process: ManagedProcess, error: HarnessError) => void;

export interface ScopeStartOptions extends StartOptions {
  /** True for a program that ends by itself, such as k6: its end is then no failure of the run. */
  readonly endsByItself?: boolean;
}

/** The processes of one run, passed down to whatever starts one. */
export class ProcessScope {
  readonly #processes: ManagedProcess[] = [];
  readonly #listeners = new Set<UnexpectedExit>();
  readonly #casualties: { process: ManagedProcess; error: HarnessError }[] = [];
  #closed = false;

  /** Starts a process that {@link ProcessScope.stopAll} will end. */
  async start({ endsByItself = false, ...options }: ScopeStartOptions): Promise<ManagedProcess> {
    const child = await startProcess(options);
    this.#processes.push(child);
    // stopAll may have run while this process was starting: it must not be left behind.
    if (this.#closed) await child.stop();
    if (!endsByItself) child.exited.then(() => this.#report(child));
    return child;
  }

  /**
   * Tells of each process that ended unasked, also of those that ended before this call.
   * Returns the function that ends the subscription.
   */
  onUnexpectedExit(listener: UnexpectedExit): () => void {
    this.#listeners.add(listener);
    for (const { process, error } of this.#casualties) listener(process, error);
    return () => this.#listeners.delete(listener);
  }

  /** Does `work`, but rejects at once with a HarnessError when a process that the run needs ends meanwhile. */
  async guard<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const unsubscribe = this.onUnexpectedExit((_, error) => reject(error));
    try {
      return await Promise.race([work, promise]);
    } finally {
      unsubscribe();
    }
  }

  /** Stops every process, the last started first, and waits until all have ended. Processes started later are stopped too. */
  async stopAll(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closed = true;
    for (const child of [...this.#processes].reverse()) await child.stop(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAll();
  }

  async #report(child: ManagedProcess): Promise<void> {
    if (child.stopping) return;
    const happened = describeExit(await child.exited);
    const error = processFailed(child, `${child.name} ended while the run needed it`, happened);
    this.#casualties.push({ process: child, error });
    for (const listener of [...this.#listeners]) listener(child, error);
  }
}
