import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';

/** Reports a name that is not among those that are known; one that is left out is none. */
export function reference(
  context: MeaningContext,
  path: Path,
  name: string | undefined,
  known: readonly string[],
  what: string,
): void {
  if (name === undefined || known.includes(name)) return;
  const near = suggest(name, known);
  const all = [...new Set(known)];
  const list = all.length === 0 ? 'declare it' : `use one of ${all.join(', ')}`;
  context.report(path, `${name} is not a ${what}`, near ? `did you mean ${near}?` : list);
}
