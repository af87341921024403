/** Lets a work run when it is its turn, and gives what it came to. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Turns for work that waits for processors: at most so many at once, in the order in which they came. */
export function createTurns(atOnce: number): Turns {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
