import { countOutcomes, EXIT_CODE, OUTCOMES_WORST_FIRST } from '../../thresholds/outcome.ts';
import { formatDuration } from '../../thresholds/units.ts';
import { type Verdict, verdictRows } from '../../thresholds/verdict.ts';
import { describeVerdict, type Finding } from './describe.ts';
import { escapeHtml } from './escape-html.ts';
import { PAGE_STYLE } from './html-style.ts';
import { type ReportTable, reportTables } from './tables.ts';

/**
 * The verdict as one page without scripts or outside files: what did not pass first, with its evidence, then every row. Safe against
 * markup in names and answers; readable in light and dark, on paper and on a phone.
 */
export function renderHtml(verdict: Verdict): string {
  const findings = describeVerdict(verdict);
  const counts = countOutcomes(verdictRows(verdict));
  const title = `firedrill ${verdict.command}: ${verdict.outcome}`;
  const tally = OUTCOMES_WORST_FIRST.toReversed().map(
    (outcome) => `<li class="${outcome}">${counts[outcome]} ${outcome}</li>`,
  );
  const tookMs = Date.parse(verdict.finishedAt) - Date.parse(verdict.startedAt);
  const { harness } = verdict;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    `<header><p class="outcome ${verdict.outcome}">${verdict.outcome}</p><div><h1>firedrill ${escapeHtml(verdict.command)}</h1>`,
    `<p>${escapeHtml([verdict.environment, verdict.profile].filter(Boolean).join(', '))}, started ${escapeHtml(verdict.startedAt)}, took ${formatDuration(tookMs)}, exit code ${EXIT_CODE[verdict.outcome]}</p>`,
    `<ul class="tally">${tally.join('')}</ul>`,
    verdict.alerts.length === 0 ? '' : '<p><a href="drill.html">The course of each alert in the drill</a></p>',
    '</div></header>',
    '<main>',
    ...OUTCOMES_WORST_FIRST.filter((outcome) => outcome !== 'pass').map((outcome) => renderFindings(outcome, findings)),
    ...reportTables(verdict).map(renderTable),
    '</main>',
    `<footer>k6 ${tool(harness.k6)}, Prometheus ${tool(harness.prometheus)}, Alertmanager ${tool(harness.alertmanager)}, Node ${escapeHtml(harness.node)}; ${harness.droppedIterations} dropped iterations, event-loop lag p99 ${formatDuration(harness.eventLoopLagP99Ms)}</footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderFindings(outcome: Finding['outcome'], findings: readonly Finding[]): string {
  const rows = findings.filter((finding) => finding.outcome === outcome);
  if (rows.length === 0) return '';
  const items = rows.map(({ subject, evidence, place }) =>
    [
      `<li class="${outcome}"><h3>${escapeHtml(subject)}</h3>`,
      `<p>${escapeHtml(evidence)}</p>`,
      place === null ? '' : `<p><code>${escapeHtml(place)}</code></p>`,
      '</li>',
    ].join(''),
  );
  return `<section><h2>${outcome} <small>${rows.length}</small></h2><ul class="findings">${items.join('')}</ul></section>`;
}

function renderTable({ title, header, rows }: ReportTable): string {
  if (rows.length === 0) return '';
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows.map(
    ({ cells, outcome }) =>
      `<tr class="${outcome}">${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<section><h2>${title} <small>${rows.length} rows</small></h2><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div></section>`;
}

function tool(version: string | null): string {
  return version === null ? 'not used' : escapeHtml(version);
}
