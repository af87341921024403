import { printDuration } from '../../../promql/print.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** `for` left out and doubled; `keep_firing_for` left out. */
export function holding({ forMs, keepFiringForMs }: MutableRule): Mutation[] {
  const text = printDuration(forMs);
  return [
    ...(forMs === 0
      ? []
      : [
          { what: `without for: ${text}`, change: { forMs: 0 }, at: null },
          { what: `for: ${text} becomes ${printDuration(forMs * 2)}`, change: { forMs: forMs * 2 }, at: null },
        ]),
    ...(keepFiringForMs === 0
      ? []
      : [
          {
            what: `without keep_firing_for: ${printDuration(keepFiringForMs)}`,
            change: { keepFiringForMs: 0 },
            at: null,
          },
        ]),
  ];
}
