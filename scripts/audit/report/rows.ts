import type { AuditReport, FindingRow } from '../../../monitoring/audit/report.ts';

/** A finding with the rule that it is about. */
export interface LocatedFinding extends FindingRow {
  file: string;
  name: string;
}

/** Every finding of alerts and recording rules, by file and place. */
export function locatedFindings({ rules, records }: AuditReport): LocatedFinding[] {
  const rows = [
    ...rules.map(({ file, alert, findings }) => ({ file, name: alert, findings })),
    ...records.map(({ file, record, findings }) => ({ file, name: record, findings })),
  ];
  return rows
    .flatMap(({ file, name, findings }) => findings.map((finding) => ({ ...finding, file, name })))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}
