import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { formatShare } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { PAGE_STYLE } from '../../report/html-style.ts';
import { silence } from './markdown.ts';
import { type LocatedFinding, locatedFindings } from './rows.ts';

/** The audit as one page without scripts or outside files: what is wrong first, then every alert. */
export function renderAuditHtml(report: AuditReport): string {
  const { totals } = report;
  const outcome = totals.errors > 0 || totals.problems > 0 ? 'fail' : 'pass';
  const found = locatedFindings(report);
  const counts = [
    counted(totals.alerts, 'alert'),
    counted(totals.records, 'recording rule'),
    counted(totals.files, 'file'),
    ...(totals.score === null ? [] : [`mutation score ${formatShare(totals.score)}`]),
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
    `<title>firedrill audit: ${outcome}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    `<header><p class="outcome ${outcome}">${outcome}</p><div><h1>firedrill audit</h1><p>${escapeHtml(counts.join(', '))}</p>`,
    `<ul class="tally">${tally.join('')}</ul></div></header>`,
    '<main>',
    renderProblems(report),
    renderFindings(found, 'error', 'fail'),
    renderFindings(found, 'advice', 'inconclusive'),
    renderAlerts(report),
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

function renderAlerts({ rules }: AuditReport): string {
  if (rules.length === 0) return '';
  const rows = rules.map(({ alert, group, file, line, witness, reason, nearMissSilent, findings }) => {
    const cells = [alert, group, `${file}:${line}`, witness === 'found' ? 'seen' : reason, silence(nearMissSilent)];
    const failed = findings.some(({ severity }) => severity === 'error');
    const outcome = failed ? 'fail' : 'pass';
    return `<tr class="${outcome}">${[...cells, failed ? 'fail' : 'pass'].map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  const head = ['alert', 'group', 'place', 'fires', 'silent beside it', 'findings'].map(
    (cell) => `<th scope="col">${cell}</th>`,
  );
  return `<section><h2>alerts <small>${rules.length} rows</small></h2><div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

function section(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section><h2>${title} <small>${items.length}</small></h2><ul class="findings">${items.join('')}</ul></section>`;
}

function item(outcome: string, subject: string, texts: readonly string[], place: string | null): string {
  const lines = texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
  const where = place === null ? '' : `<p><code>${escapeHtml(place)}</code></p>`;
  return `<li class="${outcome}"><h3>${escapeHtml(subject)}</h3>${lines}${where}</li>`;
}
