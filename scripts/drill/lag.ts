const TICK_MS = 20;
/** Shorter delays are ordinary: garbage collection, a long JSON answer. */
const NOTED_MS = 50;

/** Watches how late this process's own timers are: when they lag, times that it measured mean little. */
export class LagMeter {
  readonly #late: { atMs: number; lagMs: number }[] = [];
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** The longest delay that ended in an interval of Unix milliseconds, or 0. */
  longestMs(fromMs: number, toMs: number): number {
    return this.#late.reduce((longest, { atMs, lagMs }) => {
      return atMs >= fromMs && atMs <= toMs ? Math.max(longest, lagMs) : longest;
    }, 0);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const lagMs = now - this.#last - TICK_MS;
    this.#last = now;
    if (lagMs > NOTED_MS) this.#late.push({ atMs: Date.now(), lagMs });
  }
}
