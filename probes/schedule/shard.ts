import { hash32 } from './hash.ts';

/** One of several probers that share the targets of a catalogue: `index` from 0. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * Which of `count` probers a target belongs to: the one whose hash together with the target's is highest (rendezvous hashing). Every
 * prober comes to the same answer by itself, and one more prober takes its share from all others while nothing else moves.
 */
export function shardOf(id: string, count: number): number {
  let best = 0;
  let highest = -1;
  for (let index = 0; index < count; index += 1) {
    const weight = hash32(`${index}/${id}`);
    if (weight > highest) {
      highest = weight;
      best = index;
    }
  }
  return best;
}

/** Reads `0/3`: the first of three. Null when it is not of that form or the index is not below the count. */
export function parseShard(text: string): Shard | null {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && index < count ? { index, count } : null;
}
