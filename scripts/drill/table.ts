import type { NotDrilled } from '../../monitoring/drill/case.ts';
import { OUTCOMES_WORST_FIRST, type Outcome } from '../../thresholds/outcome.ts';
import type { AlertRow } from '../../thresholds/verdict.ts';
import { counted } from '../output.ts';
import { wrap } from '../report/text.ts';

const WIDTH = 80;
const NAME_WIDTH = 23;
const COLUMNS = [8, 7, 10, 14, 9, 7] as const;
const DETAIL = ' '.repeat(8);
/** With more passes than these, each system has one line for them. */
const PASSES_SHOWN = 24;

export interface DrillTableOptions {
  /** Shows each pass, however many there are. */
  readonly verbose?: boolean;
}

type Undrilled = Pick<NotDrilled, 'system' | 'alert' | 'mode' | 'reason'>;

/**
 * The drill as plain text of 80 columns: the worst outcome first, then by system, one line of measured times an alert, in wall seconds. What
 * did not pass has its reason, its fault and its place below it. Many passes are counted by system.
 */
export function renderDrillTable(
  rows: readonly AlertRow[],
  notDrilled: readonly Undrilled[] = [],
  { verbose = false }: DrillTableOptions = {},
): string {
  if (rows.length === 0 && notDrilled.length === 0) return '  no alert to drill';
  const fold = !verbose && rows.filter(({ outcome }) => outcome === 'pass').length > PASSES_SHOWN;
  const blocks = OUTCOMES_WORST_FIRST.flatMap((outcome) => {
    const bySystem = Map.groupBy(
      rows.filter((row) => row.outcome === outcome).toSorted(byName),
      ({ system }) => system,
    );
    return [...bySystem].flatMap(([system, own]) => block(outcome, system, own, outcome === 'pass' && fold));
  });
  const shown = rows.some(({ outcome }) => outcome !== 'pass' || !fold);
  return [
    ...(shown ? [line('alert', ['pending', 'firing', 'delivered', 'predicted', 'resolved', 'speed'])] : []),
    ...blocks,
    ...(notDrilled.length === 0 ? [] : ['  not drilled']),
    ...notDrilled.flatMap(({ system, alert, mode, reason }) =>
      wrap(`${system}/${alert} (${mode}): ${reason}`, WIDTH - 2).map((text) => `  ${text}`),
    ),
    ...(shown ? ['  seconds as run; speed: times faster than real time'] : []),
    ...(fold ? ['  --verbose shows every alert'] : []),
  ].join('\n');
}

function block(outcome: Outcome, system: string, rows: readonly AlertRow[], fold: boolean): string[] {
  const title = `  ${(outcome === 'pass' ? outcome : outcome.toUpperCase()).padEnd(13)}${system || 'no system'}`;
  const heading = `${title}  ${counted(rows.length, 'alert')}`;
  if (fold) return [`${heading}${detection(rows)}`];
  return [heading, ...rows.flatMap(alertLines)];
}

/** How long it took until they fired, from the quickest to the slowest. */
function detection(rows: readonly AlertRow[]): string {
  const times = rows.flatMap(({ detectedSeconds }) => detectedSeconds ?? []).toSorted((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? '' : `, firing after ${number(first)} - ${number(last)} s`;
}

function alertLines(row: AlertRow): string[] {
  const { predictedSeconds, fault, deliveredTo, receiver, reason, place } = row;
  const cells = [
    ...[row.pendingSeconds, row.detectedSeconds, row.deliveredSeconds].map(number),
    predictedSeconds === null ? '-' : predictedSeconds.map(number).join(' - '),
    number(row.resolvedSeconds),
    speed(row.compression),
  ];
  const head =
    row.alert.length < NAME_WIDTH ? [line(row.alert, cells)] : [`  ${row.alert}`.slice(0, WIDTH), line('', cells)];
  if (row.outcome === 'pass') return head;
  const told = deliveredTo.length === 0 ? `for ${receiver || 'no receiver'}` : `to ${deliveredTo.join(', ')}`;
  const context = [[fault, told].filter(Boolean).join(' '), place ?? ''];
  return [...head, ...[reason, ...context].filter(Boolean).flatMap(detail)];
}

function detail(text: string): string[] {
  return wrap(text, WIDTH - DETAIL.length).map((part) => `${DETAIL}${part}`);
}

function line(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(NAME_WIDTH)}${cells.map((text, index) => text.padStart(COLUMNS[index] ?? 0)).join('')}`;
}

/** Three digits and more need no hundredths. */
function number(seconds: number | null): string {
  if (seconds === null) return '-';
  return seconds.toFixed(Math.abs(seconds) < 100 ? 2 : Math.abs(seconds) < 1_000 ? 1 : 0);
}

function speed(factor: number): string {
  return `${factor < 10 ? Number(factor.toFixed(1)) : Math.round(factor)}x`;
}

function byName(a: AlertRow, b: AlertRow): number {
  return a.system.localeCompare(b.system) || a.alert.localeCompare(b.alert);
}
