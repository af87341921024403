import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { workflowCommand } from '../../report/workflow-command.ts';
import { locatedFindings } from './rows.ts';
import { locatedSurvivors, reasonText } from './survivors.ts';

/** GitHub shows ten notices a step; the rest is in the other reports. */
const SHOWN_SURVIVORS = 10;

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
  const faults = report.testFaults.map(({ id, file, line, alert, reason }) =>
    annotation('error', file, line, 1, `${id}: ${alert ?? file}`, reason),
  );
  const survivors = locatedSurvivors(report)
    .slice(0, SHOWN_SURVIVORS)
    .map((survivor) => {
      const { file, line, subject, operator, what, diff } = survivor;
      const message = [`${what}; ${reasonText(survivor)}`, ...diff].join('\n');
      return annotation('notice', file, line, 1, `unnoticed ${operator}: ${subject}`, message);
    });
  return [...problems, ...faults, ...findings, ...survivors];
}

function annotation(
  level: 'error' | 'notice',
  file: string,
  line: number,
  column: number,
  title: string,
  message: string,
): string {
  return workflowCommand(level, { file, line, col: column, title }, message);
}
