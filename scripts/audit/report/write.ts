import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { renderAuditHtml } from './html.ts';
import { renderAuditJunit } from './junit.ts';
import { renderAuditMarkdown } from './markdown.ts';

/** Every file that an audit leaves, by name; a further report is one line here. */
const REPORTS: Readonly<Record<string, (report: AuditReport) => string>> = {
  'audit.json': (report) => `${JSON.stringify(report, null, 2)}\n`,
  'summary.md': renderAuditMarkdown,
  'junit.xml': renderAuditJunit,
  'audit.html': renderAuditHtml,
};

/** Writes the reports of an audit. Each is swapped in by rename: whoever reads it sees a whole one. */
export function writeAuditReports(folder: string, report: AuditReport): void {
  for (const [name, render] of Object.entries(REPORTS)) {
    const temporary = join(folder, `.${name}.${process.pid}`);
    writeFileSync(temporary, render(report));
    renameSync(temporary, join(folder, name));
  }
}
