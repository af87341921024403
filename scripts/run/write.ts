import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../thresholds/verdict.ts';
import { renderHtml } from '../report/html.ts';
import { renderJunit } from '../report/junit.ts';
import { renderMetrics } from '../report/metrics.ts';
import { renderSummary } from '../report/summary.ts';

/** Every file that a run leaves for people and machines, by name; a further report is one line here. */
const REPORTS: Readonly<Record<string, (verdict: Verdict) => string>> = {
  'verdict.json': (verdict) => `${JSON.stringify(verdict, null, 2)}\n`,
  'summary.md': renderSummary,
  'junit.xml': renderJunit,
  'report.html': renderHtml,
  'metrics.prom': renderMetrics,
};

/** Writes the reports of a verdict. Each is swapped in by rename: whoever reads it sees a whole one. */
export function writeReports(folder: string, verdict: Verdict): void {
  for (const [name, render] of Object.entries(REPORTS)) {
    const temporary = join(folder, `.${name}.${process.pid}`);
    writeFileSync(temporary, render(verdict));
    renameSync(temporary, join(folder, name));
  }
}
