import { countOutcomes, EXIT_CODE, hiddenOutcomes, OUTCOMES_WORST_FIRST } from '../../thresholds/outcome.ts';
import { formatCount, formatDuration } from '../../thresholds/units.ts';
import { type Verdict, verdictRows } from '../../thresholds/verdict.ts';
import { describeVerdict, type Finding } from './describe.ts';
import { type ReportTable, reportTables } from './tables.ts';

/** The verdict as Markdown for a CI step summary: the broken thing first, then what was looked at. */
export function renderSummary(verdict: Verdict): string {
  const rows = verdictRows(verdict);
  const counts = countOutcomes(rows);
  const hidden = hiddenOutcomes(rows);
  const findings = describeVerdict(verdict).filter((finding) => finding.outcome !== 'pass');
  const parts = [
    `# firedrill ${verdict.command}: ${verdict.outcome.toUpperCase()}`,
    [
      `${verdict.environment}${verdict.profile === null ? '' : `, ${verdict.profile}`}, started ${verdict.startedAt}, exit code ${EXIT_CODE[verdict.outcome]}.`,
      `${OUTCOMES_WORST_FIRST.toReversed()
        .map((outcome) => `${counts[outcome]} ${outcome}`)
        .join(', ')}.`,
      hidden.length === 0 ? '' : `Also: ${hidden.join(', ')}.`,
    ]
      .filter(Boolean)
      .join(' '),
    ...OUTCOMES_WORST_FIRST.map((outcome) => renderFindings(outcome, findings)),
    ...reportTables(verdict).map(renderTable),
    `k6 ${verdict.harness.k6 ?? 'not used'}, Prometheus ${verdict.harness.prometheus ?? 'not used'}, Alertmanager ${verdict.harness.alertmanager ?? 'not used'}, Node ${verdict.harness.node}; ${formatCount(verdict.harness.droppedIterations)} dropped iterations, event-loop lag p99 ${formatDuration(verdict.harness.eventLoopLagP99Ms)}.`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function renderFindings(outcome: Finding['outcome'], findings: readonly Finding[]): string {
  const rows = findings.filter((finding) => finding.outcome === outcome);
  if (rows.length === 0) return '';
  const lines = rows.map(
    ({ subject, evidence, place }) =>
      `- **${escapeMarkdown(subject)}**: ${escapeMarkdown(evidence)}${place === null ? '' : ` \`${place}\``}`,
  );
  return [`## ${outcome}`, ...lines].join('\n');
}

function renderTable({ title, header, rows }: ReportTable): string {
  if (rows.length === 0) return '';
  const line = (cells: string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const body = [line(header), line(header.map(() => '---')), ...rows.map(({ cells }) => line(cells))];
  return [`<details><summary>${title}: ${rows.length} rows</summary>`, '', ...body, '', '</details>'].join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
