import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { formatShare } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { locatedFindings } from './rows.ts';

/** The audit as Markdown for a CI step summary: what is wrong first, then every alert. */
export function renderAuditMarkdown(report: AuditReport): string {
  const { totals } = report;
  const clean = totals.errors === 0 && totals.problems === 0;
  const found = locatedFindings(report);
  const parts = [
    `# firedrill audit: ${clean ? 'CLEAN' : 'FAIL'}`,
    `${counted(totals.alerts, 'alert')} and ${counted(totals.records, 'recording rule')} in ${counted(totals.files, 'file')}: ${counted(totals.errors, 'error')}, ${totals.advice} advice, ${counted(totals.problems, 'problem')}${totals.score === null ? '' : `, mutation score ${formatShare(totals.score)}`}.`,
    ...report.problems.map(
      (problem) =>
        `- \`${problem.file}:${problem.line}:${problem.column}\` ${escapeMarkdown(problem.rule)}; fix: ${escapeMarkdown(problem.fix)}`,
    ),
    ...(['error', 'advice'] as const).map((severity) => {
      const rows = found.filter((finding) => finding.severity === severity);
      const items = rows.map(
        ({ file, line, id, name, explanation, fix }) =>
          `- **${escapeMarkdown(name)}** ${id} \`${file}:${line}\`: ${escapeMarkdown(explanation)}${fix === null ? '' : `\n  - fix: \`${fix.replaceAll('`', "'")}\``}`,
      );
      return rows.length === 0 ? '' : [`## ${severity}`, '', ...items].join('\n');
    }),
    [
      '| alert | file | fires | silent beside it | findings |',
      '| --- | --- | --- | --- | --- |',
      ...report.rules.map(
        ({ alert, file, line, witness, reason, nearMissSilent, findings }) =>
          `| ${[alert, `${file}:${line}`, witness === 'found' ? 'seen' : reason, silence(nearMissSilent), findings.map(({ id }) => id).join(', ')].map(escapeMarkdown).join(' | ')} |`,
      ),
    ].join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Whether the near miss was seen to be silent, in a word. */
export function silence(seen: boolean | null): string {
  return seen === null ? '' : seen ? 'seen' : 'none found';
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|]/g, '\\$&').replace(/\s+/g, ' ');
}
