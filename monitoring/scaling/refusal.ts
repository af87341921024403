import type { Refusal } from './types.ts';

/** Thrown inside a scaling and caught at its edge: what cannot be scaled, and why. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(construct: string, reason: string) {
    super(`${construct} ${reason}`);
    this.refusal = { construct, reason };
  }
}

/** A refusal as a sentence. */
export function refusalText({ construct, reason }: Refusal): string {
  return `${construct} ${reason}`;
}

/**
 * Milliseconds on the clock that is `factor` times faster, whole; zero stays zero.
 * @throws Refused when the duration would vanish.
 */
export function scaledMs(ms: number, factor: number, construct: string): number {
  const scaled = Math.round(ms / factor);
  if (ms !== 0 && scaled === 0) throw new Refused(construct, `divided by ${factor} is under a millisecond`);
  return scaled;
}
