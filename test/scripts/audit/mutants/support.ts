import type { AuditReport } from '../../../../monitoring/audit/report.ts';
import { runAudit, sortFiles } from '../../../../scripts/audit/audit.ts';
import { type AuditInputs, givenTests, planAudit } from '../../../../scripts/audit/plan.ts';
import { readFiles } from '../../../../scripts/audit/read-files.ts';
import { createOutput } from '../../../../scripts/output.ts';

/** An audit with mutants, as the command does it. */
export async function auditFolder(
  paths: readonly string[],
  inputs: Partial<AuditInputs>,
): Promise<{ report: AuditReport }> {
  const read = readFiles(paths);
  const files = sortFiles(read.files);
  const options = { witness: true, ...inputs };
  const context = {
    output: createOutput({ json: true, quiet: true }),
    env: process.env,
    signal: new AbortController().signal,
  };
  const { steps, problems } = await planAudit(context, options, files, givenTests(options, files));
  const report = await runAudit(files, [...read.problems, ...problems], { scrapeIntervalMs: 15_000 }, steps);
  return { report };
}
