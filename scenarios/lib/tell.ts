import { planRow } from './plan.ts';

const LINES_FOR_EACH_USER = 3;
let lines = 0;

/** One line of evidence for Node, which keeps the first of each row. A virtual user writes but a few. */
export function tell(kind: 'mismatch' | 'exception', index: string | undefined, detail: string): void {
  if (lines >= LINES_FOR_EACH_USER) return;
  lines += 1;
  console.warn(JSON.stringify({ kind, row: rowName(index), detail: detail.slice(0, 300) }));
}

function rowName(index: string | undefined): string {
  try {
    return planRow(index).row;
  } catch {
    return '';
  }
}
