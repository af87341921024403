import { expect, it } from 'vitest';
import { createDueHeap } from '../../../probes/schedule/due-heap.ts';

it('gives entries back by due time', () => {
  const heap = createDueHeap();
  const due = Array.from({ length: 500 }, (_, i) => (i * 7_919) % 503);
  for (const [entry, dueMs] of due.entries()) heap.push(dueMs, entry);
  const order: number[] = [];
  while (heap.size > 0) {
    const earliest = heap.peekMs();
    order.push(due[heap.pop()] as number);
    expect(order.at(-1)).toBe(earliest);
  }
  expect(order).toEqual([...due].sort((a, b) => a - b));
  expect(heap.pop()).toBe(-1);
  expect(heap.peekMs()).toBe(Number.POSITIVE_INFINITY);
});
