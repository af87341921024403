import { isDeepStrictEqual } from 'node:util';
import type { ProbeTarget } from './target.ts';

/** What a reload changes, by the ids of targets. */
export interface TargetDiff {
  added: ProbeTarget[];
  changed: ProbeTarget[];
  removed: string[];
  unchanged: number;
}

/** Compares by id; a target is unchanged when everything about it is. */
export function diffTargets(before: ReadonlyMap<string, ProbeTarget>, after: readonly ProbeTarget[]): TargetDiff {
  const diff: TargetDiff = { added: [], changed: [], removed: [], unchanged: 0 };
  const wanted = new Set<string>();
  for (const target of after) {
    wanted.add(target.id);
    const known = before.get(target.id);
    if (known === undefined) diff.added.push(target);
    else if (isDeepStrictEqual(known, target)) diff.unchanged += 1;
    else diff.changed.push(target);
  }
  for (const id of before.keys()) if (!wanted.has(id)) diff.removed.push(id);
  return diff;
}
