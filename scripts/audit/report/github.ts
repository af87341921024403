import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { locatedFindings } from './rows.ts';

/** The audit as annotations of GitHub Actions, which shows them beside the changed lines. */
export function renderAnnotations(report: AuditReport): string[] {
  const problems = report.problems.map(({ file, line, column, rule, fix }) =>
    annotation('error', file, line, column, 'unreadable', `${rule}; fix: ${fix}`),
  );
  const findings = locatedFindings(report).map(({ severity, file, line, column, id, name, explanation, fix }) =>
    annotation(
      severity === 'error' ? 'error' : 'notice',
      file,
      line,
      column,
      `${id}: ${name}`,
      `${explanation}${fix === null ? '' : `\nfix: ${fix}`}`,
    ),
  );
  return [...problems, ...findings];
}

function annotation(level: string, file: string, line: number, column: number, title: string, message: string): string {
  return `::${level} file=${property(file)},line=${line},col=${column},title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
