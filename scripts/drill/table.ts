import type { NotDrilled } from '../../monitoring/drill/case.ts';
import { OUTCOMES_WORST_FIRST } from '../../thresholds/outcome.ts';
import type { AlertRow } from '../../thresholds/verdict.ts';

const WIDTH = 80;
const OUTCOME_WIDTH = 13;
const NAME_WIDTH = 20;
const INDENT = ' '.repeat(2 + OUTCOME_WIDTH);

/**
 * The drill as plain text of 80 columns: one block a system, one line of measured times an alert, in wall seconds, with its fault and receivers
 * below it, and the reason where it did not pass. The worst first.
 */
export function renderDrillTable(rows: readonly AlertRow[], notDrilled: readonly NotDrilled[] = []): string {
  if (rows.length === 0 && notDrilled.length === 0) return '  no alert to drill';
  const compression = rows[0]?.compression;
  const head = line('', 'alert', ['pending', 'firing', 'delivered', 'predicted', 'resolved']);
  const unit = compression === undefined ? [] : [`  seconds as run, at ${compression}x the speed of real time`];
  const systems = [...new Set(byWorst(rows).map(({ system }) => system))];
  return [
    ...(rows.length === 0 ? [] : [head]),
    ...systems.flatMap((system) => [
      `  ${system}`,
      ...byWorst(rows.filter((row) => row.system === system)).flatMap(block),
    ]),
    ...notDrilled.flatMap(({ system, alert, mode, reason }) =>
      wrap(`${system}/${alert} is not drilled (${mode}): ${reason}`, '  '),
    ),
    ...unit,
  ].join('\n');
}

function block(row: AlertRow): string[] {
  const { predictedSeconds, fault, deliveredTo, receiver, reason } = row;
  const predicted = predictedSeconds === null ? '-' : predictedSeconds.map((value) => number(value)).join(' - ');
  const times = [row.pendingSeconds, row.detectedSeconds, row.deliveredSeconds].map(number);
  const told = deliveredTo.length === 0 ? `for ${receiver || 'no receiver'}` : `to ${deliveredTo.join(', ')}`;
  return [
    line(row.outcome, row.alert, [...times, predicted, number(row.resolvedSeconds)]),
    ...wrap([fault, told].filter(Boolean).join(' '), INDENT),
    ...(reason === '' ? [] : wrap(reason, INDENT)),
  ];
}

/** Columns: outcome, alert, then the five times. */
function line(outcome: string, name: string, times: readonly string[]): string {
  const widths = [7, 7, 10, 12, 9];
  const cells = times.map((text, index) => text.padStart(widths[index] ?? 0));
  return `  ${outcome.padEnd(OUTCOME_WIDTH)}${name.padEnd(NAME_WIDTH)}${cells.join('')}`.trimEnd();
}

function number(seconds: number | null): string {
  return seconds === null ? '-' : seconds.toFixed(2);
}

function byWorst(rows: readonly AlertRow[]): AlertRow[] {
  const rank = ({ outcome }: AlertRow) => OUTCOMES_WORST_FIRST.indexOf(outcome);
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.alert.localeCompare(b.alert));
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let current = indent;
  for (const word of text.split(/\s+/)) {
    if (current.length + word.length > WIDTH && current.trim() !== '') {
      lines.push(current.trimEnd());
      current = indent;
    }
    current += `${word} `;
  }
  return [...lines, current.trimEnd()];
}
