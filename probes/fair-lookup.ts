import type { Lookup } from './connect.ts';
import { createLimiter } from './schedule/limiter.ts';

/**
 * The system resolves names in threads of this process, of which half may be busy with it at a time (libuv, `src/threadpool.c`): a zone
 * whose name servers are silent holds them for seconds each, and every other name waits. So that nobody takes this wait for a failure of
 * the target, whoever asks is told of it; and a name that nobody waits for any more is not looked up.
 */
export function limitLookups(lookup: Lookup, atATime: number): Lookup {
  const limiter = createLimiter({ total: atATime, perHost: atATime });
  return async (hostname, turn) => {
    let begun = false;
    let wanted = true;
    await new Promise<void>((resolve) => {
      limiter.acquire(hostname, () => {
        begun = true;
        wanted = turn?.begins() ?? true;
        resolve();
      });
      if (!begun) turn?.waits();
    });
    try {
      if (!wanted) throw new Error(`nobody waits for ${hostname} any more`);
      return await lookup(hostname);
    } finally {
      limiter.release(hostname);
    }
  };
}

/** How many names this process can resolve at a time. */
export function lookupsAtATime({ UV_THREADPOOL_SIZE = '' }: Readonly<Record<string, string | undefined>>): number {
  const threads = Number.parseInt(UV_THREADPOOL_SIZE, 10);
  return Math.ceil((threads > 0 ? threads : 4) / 2);
}
