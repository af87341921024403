/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What must outlive a reload, and with a file a restart: budgets that were spent, heartbeats that were heard. By target, or by any other
 * name that tells its owner.
 */
export interface StateStore {
  /** What was set last under this name; undefined when nothing was. Whoever reads it checks its shape: the file may be of another version. */
  get(name: string): Json | undefined;
  /** Known at once to `get`; on disk soon after. */
  set(name: string, value: Json): void;
  delete(name: string): void;
  /** Resolves when all that was set is on disk, or could not be written (that is told to `onProblem` of the file). */
  flush(): Promise<void>;
}

/** State that ends with the process. */
export function createMemoryStore(): StateStore {
  const values = new Map<string, Json>();
  return {
    get: (name) => values.get(name),
    set: (name, value) => void values.set(name, value),
    delete: (name) => void values.delete(name),
    flush: () => Promise.resolve(),
  };
}
