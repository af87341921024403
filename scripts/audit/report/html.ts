import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { formatShare } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { PAGE_STYLE } from '../../report/html-style.ts';
import { MUTANT_STYLE, renderDashboards, renderRoutes, renderSurvivors, renderTestFaults } from './html-mutants.ts';
import { item, section, table } from './html-parts.ts';
import { silence } from './markdown.ts';
import { type LocatedFinding, locatedFindings } from './rows.ts';
import { coverageLines, mutantsLine } from './survivors.ts';

/** The audit as one page without scripts or outside files: what is wrong first, then every alert. */
export function renderAuditHtml(report: AuditReport): string {
  const { totals } = report;
  const outcome = report.outcome === 'unread' ? 'broken' : report.outcome;
  const word = report.outcome === 'unread' ? 'not all read' : report.outcome;
  const found = locatedFindings(report);
  const counts = [
    counted(totals.alerts, 'alert'),
    counted(totals.records, 'recording rule'),
    counted(totals.files, 'file'),
  ];
  const tally = [
    `<li class="fail">${counted(totals.errors, 'error')}</li>`,
    `<li class="inconclusive">${totals.advice} advice</li>`,
    ...(totals.problems === 0 ? [] : [`<li class="broken">${counted(totals.problems, 'problem')}</li>`]),
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>firedrill audit: ${word}</title>`,
    `<style>${PAGE_STYLE}${MUTANT_STYLE}</style>`,
    '</head>',
    '<body>',
    `<header><p class="outcome ${outcome}">${word}</p><div><h1>firedrill audit</h1><p>${escapeHtml(counts.join(', '))}</p>`,
    ...[mutantsLine(totals, formatShare), ...coverageLines(report)].map((line) =>
      line === null ? '' : `<p>${escapeHtml(line)}</p>`,
    ),
    `<ul class="tally">${tally.join('')}</ul></div></header>`,
    '<main>',
    renderProblems(report),
    renderTestFaults(report),
    renderFindings(found, 'error', 'fail'),
    renderSurvivors(report),
    renderFindings(found, 'advice', 'inconclusive'),
    renderAlerts(report),
    renderRoutes(report),
    renderDashboards(report),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderProblems({ problems }: AuditReport): string {
  const items = problems.map(({ file, line, column, rule, fix }) =>
    item('broken', `${file}:${line}:${column}`, [rule, `fix: ${fix}`], null),
  );
  return section('not read', items);
}

function renderFindings(found: readonly LocatedFinding[], severity: string, outcome: string): string {
  const items = found
    .filter((finding) => finding.severity === severity)
    .map(({ name, id, file, line, column, explanation, fix }) =>
      item(
        outcome,
        `${name}  ${id}`,
        [explanation, ...(fix === null ? [] : [`fix: ${fix}`])],
        `${file}:${line}:${column}`,
      ),
    );
  return section(severity, items);
}

function renderAlerts({ rules, coverage }: AuditReport): string {
  const rows = rules.map(({ alert, group, file, line, witness, reason, nearMissSilent, findings, mutants }, index) => {
    const { tests = null, drill = null } = coverage?.alerts[index] ?? {};
    const failed = findings.some(({ severity }) => severity === 'error');
    const cells = [
      alert,
      group,
      `${file}:${line}`,
      witness === 'found' ? 'seen' : reason,
      silence(nearMissSilent),
      tests === null ? '' : String(tests),
      mutants === null ? '' : `${mutants.killed} of ${mutants.total - mutants.equivalent}`,
      drill ?? '',
      failed ? 'fail' : 'pass',
    ];
    return { outcome: failed ? 'fail' : 'pass', cells };
  });
  const head = [
    'alert',
    'group',
    'place',
    'fires',
    'silent beside it',
    'tests',
    'mutants noticed',
    'last drill',
    'findings',
  ];
  return table('alerts', head, rows);
}
