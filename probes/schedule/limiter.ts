/** Lets work start under two caps: so many at once over all, and so many for each host. Waiting work keeps its order. */
export interface Limiter {
  /** Calls `start` now, or when a place is free. `start` must be followed by one `release` of the same host. */
  acquire(host: string, start: () => void): void;
  release(host: string): void;
  readonly active: number;
  readonly waiting: number;
}

/** A limiter with the given caps. */
export function createLimiter({ total, perHost }: { total: number; perHost: number }): Limiter {
  const hosts = new Map<string, { held: number; queue: (() => void)[] }>();
  /** Work that has its place at the host and waits for one over all. */
  let ready: (() => void)[] = [];
  let head = 0;
  let active = 0;
  let waiting = 0;
  const drain = () => {
    while (active < total && head < ready.length) {
      const start = ready[head] as () => void;
      head += 1;
      active += 1;
      waiting -= 1;
      start();
    }
    if (head > 1_024 || head === ready.length) {
      ready = ready.slice(head);
      head = 0;
    }
  };
  return {
    acquire(host, start) {
      const state = hosts.get(host) ?? { held: 0, queue: [] };
      hosts.set(host, state);
      waiting += 1;
      if (state.held >= perHost) return void state.queue.push(start);
      state.held += 1;
      ready.push(start);
      drain();
    },
    release(host) {
      active -= 1;
      const state = hosts.get(host);
      const next = state?.queue.shift();
      if (next !== undefined) ready.push(next);
      else if (state !== undefined) {
        state.held -= 1;
        if (state.held === 0) hosts.delete(host);
      }
      drain();
    },
    get active() {
      return active;
    },
    get waiting() {
      return waiting;
    },
  };
}
