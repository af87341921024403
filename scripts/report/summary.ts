import { countOutcomes, EXIT_CODE, hiddenOutcomes, OUTCOMES_WORST_FIRST } from '../../thresholds/outcome.ts';
import { formatCount, formatDuration } from '../../thresholds/units.ts';
import { type Verdict, verdictRows } from '../../thresholds/verdict.ts';
import { describeVerdict, type Finding, formatValue } from './describe.ts';

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
    renderLoad(verdict),
    renderProbes(verdict),
    renderAlerts(verdict),
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

function renderLoad(verdict: Verdict): string {
  return table(
    'Load',
    ['service', 'endpoint or provider', 'objective', 'limit', 'measured', 'samples', 'outcome'],
    verdict.load.map((row) => [
      `${row.system}/${row.service}`,
      row.endpoint ?? row.provider ?? '',
      row.objective,
      formatValue(row.limit, row.unit),
      row.measured === null ? 'nothing' : formatValue(row.measured, row.unit),
      formatCount(row.samples),
      row.outcome,
    ]),
  );
}

function renderProbes(verdict: Verdict): string {
  return table(
    'Probes',
    ['target', 'kind', 'runs', 'failures', 'unknown', 'p95', 'outcome'],
    verdict.probes.map((row) => [
      row.target,
      row.kind,
      formatCount(row.runs),
      formatCount(row.failures),
      formatCount(row.unknown),
      row.p95Seconds === null ? 'under 20 runs' : formatDuration(row.p95Seconds * 1_000),
      row.outcome,
    ]),
  );
}

function renderAlerts(verdict: Verdict): string {
  const seconds = (value: number | null) => (value === null ? 'never' : `${value.toFixed(2)} s`);
  return table(
    'Alerts',
    ['alert', 'system', 'fault', 'firing', 'delivered', 'predicted', 'resolved', 'speed', 'outcome'],
    verdict.alerts.map((row) => [
      row.alert,
      row.system,
      row.fault,
      seconds(row.detectedSeconds),
      row.deliveredTo.length === 0 ? 'nobody' : `${row.deliveredTo.join(', ')} ${seconds(row.deliveredSeconds)}`,
      row.predictedSeconds === null ? '' : `${row.predictedSeconds.map((value) => value.toFixed(1)).join(' - ')} s`,
      seconds(row.resolvedSeconds),
      `${row.compression}x`,
      row.outcome,
    ]),
  );
}

function table(title: string, header: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  const line = (cells: string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const body = [line(header), line(header.map(() => '---')), ...rows.map(line)];
  return [`<details><summary>${title}: ${rows.length} rows</summary>`, '', ...body, '', '</details>'].join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
