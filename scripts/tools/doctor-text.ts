import type { DoctorReport, DoctorRow } from './doctor.ts';
import { wrapText } from './wrap-text.ts';

const WIDTH = 80;
/** Columns before the path: two blanks, subject, version, minimum, state, source. */
const INDENT = 17;

/** The report for a terminal, at most 80 columns wide; the home folder is written as "~". Ends with a newline. */
export function renderDoctor(report: DoctorReport, home: string | undefined): string {
  const { cores, memoryBytes, go, apt, rows } = report;
  const missing = rows.filter(({ ok, optional }) => !ok && optional !== true);
  const lines = [
    ...rows.flatMap((row) => renderRow(row, home)),
    '',
    `  ${cores} ${cores === 1 ? 'core' : 'cores'}   ${(memoryBytes / 2 ** 30).toFixed(1)} GiB memory   ` +
      `go ${go ?? 'none'}   apt-get ${apt ? 'yes' : 'none'}`,
    report.ok ? '  all there' : `  not ready: ${missing.map(({ subject }) => subject).join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function renderRow(row: DoctorRow, home?: string): string[] {
  const { subject, ok, version, minimum, source, path, fix, optional = false } = row;
  // Where an optional tool was looked for in vain is of no interest: the tests fetch it.
  const problems = optional && !ok ? ['only for tests, which fetch it'] : row.problems;
  const wanted = minimum === null ? '' : `>= ${minimum}`;
  const state = ok ? 'ok' : optional ? 'absent' : 'MISSING';
  const head = `  ${subject.padEnd(13)}  ${(version ?? '').padEnd(9)} ${wanted.padEnd(10)} ${state.padEnd(7)} ${source ?? ''}`;
  const details = [...(path === null ? [] : [tilde(path, home)]), ...problems, ...(fix === null ? [] : [fix])];
  return [
    head.trimEnd(),
    ...details.flatMap((detail) => wrapText(detail, WIDTH - INDENT).map((line) => ' '.repeat(INDENT) + line)),
  ];
}

function tilde(path: string, home: string | undefined): string {
  return home !== undefined && home !== '' && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
