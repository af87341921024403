import type { StatusBoard, TargetStatus } from '../../../probes/history/status-board.ts';
import { WINDOWS, type WindowName } from '../../../probes/history/windows.ts';
import { formatCount, formatDuration } from '../../../thresholds/units.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { renderLine } from './line.ts';
import { pageHead } from './page.ts';
import { describeFailure, renderBudget, renderRow, renderShare } from './row.ts';
import { uptimeOf, viewTarget } from './view.ts';

const SPANS: Readonly<Record<WindowName, { title: string; span: string }>> = {
  hour: { title: 'Last hour', span: 'by the minute' },
  day: { title: 'Last 24 hours', span: 'by the quarter of an hour' },
  month: { title: 'Last 30 days', span: 'by six hours' },
};

/** The page of one target: its state, its last failure with where the time went, and its latency over three windows. */
export function renderTargetPage(board: StatusBoard, status: TargetStatus, nowMs: number): string {
  const view = viewTarget(board, status, nowMs);
  const root = '../'.repeat(status.id.split('/').length).slice(0, -1);
  return [
    ...pageHead(`${status.id}: ${view.state}`, root),
    `<body data-version="${board.version}" data-root="${root}">`,
    `<header><h1>${escapeHtml(status.id)}</h1><p><a href="${root}/">all targets</a></p></header>`,
    `<main><ul class="targets">${renderRow(view).replace('<a class="name" href="targets/', `<a class="name" href="${root}/targets/`)}</ul>`,
    '<h2>Last failure</h2>',
    status.lastFailure === null ? '<p>None remembered.</p>' : renderFailure(status.lastFailure),
    ...WINDOWS.map(({ name }) => renderWindow(board, status.id, name, nowMs)),
    `<p>Error budget left over 30 days: ${renderBudget(view.budgetLeft)}</p>`,
    '</main></body></html>',
    '',
  ].join('\n');
}

function renderFailure(failure: NonNullable<TargetStatus['lastFailure']>): string {
  const total = Math.max(failure.durationSeconds, Number.MIN_VALUE);
  const rows = Object.entries(failure.phases).map(
    ([phase, seconds]) =>
      `<tr><th scope="row">${escapeHtml(phase)}</th><td>${formatDuration(seconds * 1_000)}</td><td><svg class="bar" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none"><rect width="${((seconds / total) * 100).toFixed(1)}" height="1"/></svg></td></tr>`,
  );
  return `<p class="why">${describeFailure(failure)}</p><table><tbody>${rows.join('')}</tbody></table>`;
}

function renderWindow(board: StatusBoard, id: string, name: WindowName, nowMs: number): string {
  const window = board.history.read(id, name, nowMs);
  const { title, span } = SPANS[name];
  const known = window.points.flatMap(({ meanSeconds }) => meanSeconds ?? []);
  const latency =
    known.length === 0 ? 'no good run' : `mean latency up to ${formatDuration(Math.max(...known) * 1_000)}`;
  return [
    `<h2>${title}</h2><figure class="chart">${renderLine(window.points, { width: 600, height: 60 }, span)}`,
    `<figcaption>${renderShare(uptimeOf(window))} of ${formatCount(window.judged)} runs good, ${span}; ${latency}. Marks: failures.</figcaption></figure>`,
  ].join('');
}
