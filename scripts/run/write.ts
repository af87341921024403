import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../thresholds/verdict.ts';
import { renderDrillPage } from '../drill/report/page.ts';
import { readDrillRecord } from '../drill/report/record.ts';
import { withDrillHistory } from '../report/drill-history.ts';
import { renderHtml } from '../report/html.ts';
import { renderJunit } from '../report/junit.ts';
import { renderMetrics } from '../report/metrics.ts';
import { renderSummary } from '../report/summary.ts';

/**
 * Every file that a run leaves for people and machines, by name; a further report is one line here. Null: nothing to say. The folder holds
 * what its phases left.
 */
const REPORTS: Readonly<Record<string, (verdict: Verdict, folder: string) => string | null>> = {
  'verdict.json': (verdict) => `${JSON.stringify(verdict, null, 2)}\n`,
  'summary.md': renderSummary,
  'junit.xml': renderJunit,
  'report.html': renderHtml,
  'drill.html': (verdict, folder) =>
    verdict.alerts.length === 0 ? null : renderDrillPage(verdict, readDrillRecord(folder)),
  'metrics.prom': (verdict, folder) => withDrillHistory(renderMetrics(verdict), verdict, folder),
};

/** Writes the reports of a verdict. Each is swapped in by rename: whoever reads it sees a whole one. */
export function writeReports(folder: string, verdict: Verdict): void {
  for (const [name, render] of Object.entries(REPORTS)) {
    const text = render(verdict, folder);
    if (text === null) continue;
    const temporary = join(folder, `.${name}.${process.pid}`);
    writeFileSync(temporary, text);
    renameSync(temporary, join(folder, name));
  }
}
