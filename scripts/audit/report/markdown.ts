import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { formatShare } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { locatedFindings } from './rows.ts';
import { coverageLines, locatedSurvivors, mutantsLine, reasonText } from './survivors.ts';

/** Mutants in a step summary, which GitHub cuts at a megabyte. */
const SHOWN_SURVIVORS = 25;

/** The audit as Markdown for a CI step summary: what is wrong first, then every alert. */
export function renderAuditMarkdown(report: AuditReport): string {
  const { totals } = report;
  const word = { pass: 'CLEAN', fail: 'FAIL', inconclusive: 'INCONCLUSIVE', unread: 'NOT ALL READ' }[report.outcome];
  const found = locatedFindings(report);
  const parts = [
    `# firedrill audit: ${word}`,
    `${counted(totals.alerts, 'alert')} and ${counted(totals.records, 'recording rule')} in ${counted(totals.files, 'file')}: ${counted(totals.errors, 'error')}, ${totals.advice} advice, ${counted(totals.problems, 'problem')}.`,
    ...[mutantsLine(totals, formatShare), ...coverageLines(report)].flatMap((line) =>
      line === null ? [] : [`${escapeMarkdown(line)}.`],
    ),
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
    list(
      'tests at fault',
      report.testFaults.map(
        ({ id, file, line, alert, reason }) =>
          `- **${escapeMarkdown(alert ?? file)}** ${id} \`${file}:${line}\`: ${escapeMarkdown(reason)}`,
      ),
    ),
    survivorList(report),
    [
      '| alert | file | fires | silent beside it | tests | mutants noticed | last drill | findings |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      ...report.rules.map(({ alert, file, line, witness, reason, nearMissSilent, findings, mutants }, index) => {
        const { tests = null, drill = null } = report.coverage?.alerts[index] ?? {};
        const cells = [
          alert,
          `${file}:${line}`,
          witness === 'found' ? 'seen' : reason,
          silence(nearMissSilent),
          String(tests ?? ''),
          mutants === null ? '' : `${mutants.killed} of ${mutants.total - mutants.equivalent}`,
          drill ?? '',
          findings.map(({ id }) => id).join(', '),
        ];
        return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
      }),
    ].join('\n'),
    (report.coverage?.routes ?? []).length === 0
      ? ''
      : [
          '| route | receiver | alerts | tested | drilled |',
          '| --- | --- | --- | --- | --- |',
          ...(report.coverage?.routes ?? []).map(
            ({ file, line, receiver, alerts, tested, drilled }) =>
              `| ${[`${file}:${line}`, receiver, String(alerts.length), String(tested), String(drilled)].map(escapeMarkdown).join(' | ')} |`,
          ),
        ].join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function survivorList(report: AuditReport): string {
  const all = locatedSurvivors(report);
  const items = all.slice(0, SHOWN_SURVIVORS).map((survivor) => {
    const { file, line, subject, operator, diff } = survivor;
    const head = `- **${escapeMarkdown(subject)}** ${operator} \`${file}:${line}\`: ${escapeMarkdown(reasonText(survivor))}`;
    return [head, '  ```diff', ...diff.map((each) => `  ${each.replaceAll('```', "'''")}`), '  ```'].join('\n');
  });
  const rest = all.length - items.length;
  return list('mutants that no test noticed', rest > 0 ? [...items, `- and ${rest} more: see audit.json`] : items);
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : [`## ${title}`, '', ...items].join('\n');
}

/** Whether the near miss was seen to be silent, in a word. */
export function silence(seen: boolean | null): string {
  return seen === null ? '' : seen ? 'seen' : 'none found';
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|]/g, '\\$&').replace(/\s+/g, ' ');
}
