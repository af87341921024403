import type { LastFailure } from '../../../probes/history/status-board.ts';
import { formatDuration } from '../../../thresholds/units.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { renderLine } from './line.ts';
import type { TargetView } from './view.ts';

/** One target of the overview. The same text without JavaScript, and for every live change. */
export function renderRow(view: TargetView): string {
  const { status, state, hour, uptime, budgetLeft } = view;
  const { id, system, kind, last, sinceMs, lastFailure } = status;
  const name = id.startsWith(`${system}/`) ? id.slice(system.length + 1) : id;
  // A confirmed state has a beginning; the words between do not.
  const since = sinceMs !== null && (state === 'up' || state === 'down') ? ` since ${renderTime(sinceMs)}` : '';
  return [
    `<li class="target ${state}" id="${rowId(id)}" data-name="${escapeHtml(id)}">`,
    `<a class="name" href="${targetPath(id)}">${escapeHtml(name)}</a>`,
    `<span class="state"><b>${state}</b>${since}</span>`,
    `<span class="kind">${escapeHtml(kind)}</span>`,
    `<span class="last" data-label="last run">${last === null ? '–' : formatDuration(last.durationSeconds * 1_000)}</span>`,
    renderLine(hour.points, { width: 118, height: 22 }, 'over the last hour'),
    `<span data-label="1 h">${renderShare(uptime.hour)}</span>`,
    `<span data-label="24 h">${renderShare(uptime.day)}</span>`,
    `<span data-label="30 d">${renderShare(uptime.month)}</span>`,
    `<span data-label="budget left">${renderBudget(budgetLeft)}</span>`,
    state === 'unknown' && last !== null ? `<p class="why">not judged: ${escapeHtml(last.detail)}</p>` : '',
    (state === 'down' || state === 'failing') && lastFailure !== null
      ? `<p class="why">${describeFailure(lastFailure)}</p>`
      : '',
    '</li>',
  ].join('');
}

/** What went wrong, when, and where the time went. */
export function describeFailure({ reason, detail, durationSeconds, phases, atMs }: LastFailure): string {
  const parts = Object.entries(phases)
    .filter(([, seconds]) => seconds * 1_000 >= 0.05)
    .map(([phase, seconds]) => `${phase} ${formatDuration(seconds * 1_000)}`);
  const said = detail.startsWith(reason) ? detail : `${reason}: ${detail}`;
  const spent = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${renderTime(atMs)} ${escapeHtml(said)} after ${formatDuration(durationSeconds * 1_000)}${escapeHtml(spent)}`;
}

/** A time that reads in UTC, and that the page's script turns into "3 min ago". */
export function renderTime(ms: number): string {
  const text = new Date(ms).toISOString();
  return `<time datetime="${text}">${text.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** Down to three digits, cut and never rounded up: 99.996 % is not 100 %. */
export function renderShare(share: number | null): string {
  if (share === null) return '–';
  return `${Math.floor(share * 100_000) / 1_000} %`;
}

/** Budget left in whole percent, rounded down; overspent is below 0. */
export function renderBudget(left: number | null): string {
  if (left === null) return '<abbr title="too few runs to tell">–</abbr>';
  return left < 0 ? `<b class="spent">−${Math.ceil(-left * 100)} %</b>` : `${Math.floor(left * 100)} %`;
}

/** Where the page of a target is. */
export function targetPath(id: string): string {
  return `targets/${id.split('/').map(encodeURIComponent).join('/')}`;
}

/** The id of a target's row in the page. */
export function rowId(id: string): string {
  return `t-${id.replaceAll(/[^A-Za-z0-9_-]/g, (character) => `_${character.codePointAt(0)?.toString(16)}`)}`;
}
