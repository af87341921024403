import { ANY, type Interval, type Reach } from '../model/interval.ts';

/** What the value of an expression should be, at each reference time. */
export type Want = readonly Interval[];

/** How a part is solved. */
export interface Context {
  /** Values of fanned-out label classes: only series with these are changed. */
  readonly only: ReadonlyMap<number, string>;
  /** The number to take where any will do. */
  readonly prefer: number;
  readonly reach: Reach;
  /** The change per second is wanted, not the value. */
  readonly slope: boolean;
}

export function anything(times: readonly number[]): Want {
  return times.map(() => ANY);
}
