/** Entries by due time: a binary heap over two flat arrays, no object an entry. Times and entries are any numbers. */
export interface DueHeap {
  readonly size: number;
  push(dueMs: number, entry: number): void;
  /** Earliest due time; Infinity when empty. */
  peekMs(): number;
  /** Removes and returns the earliest entry; -1 when empty. */
  pop(): number;
}

/** An empty heap. */
export function createDueHeap(): DueHeap {
  const due: number[] = [];
  const entries: number[] = [];
  const at = (index: number) => due[index] ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number) => {
    const dueA = at(a);
    const entryA = entries[a] as number;
    due[a] = at(b);
    entries[a] = entries[b] as number;
    due[b] = dueA;
    entries[b] = entryA;
  };
  return {
    get size() {
      return due.length;
    },
    push(dueMs, entry) {
      let child = due.push(dueMs) - 1;
      entries.push(entry);
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (at(parent) <= at(child)) break;
        swap(parent, child);
        child = parent;
      }
    },
    peekMs: () => at(0),
    pop() {
      if (due.length === 0) return -1;
      swap(0, due.length - 1);
      due.pop();
      const entry = entries.pop() as number;
      for (let parent = 0; ; ) {
        const left = 2 * parent + 1;
        const child = at(left + 1) < at(left) ? left + 1 : left;
        if (child >= due.length || at(parent) <= at(child)) break;
        swap(parent, child);
        parent = child;
      }
      return entry;
    },
  };
}
