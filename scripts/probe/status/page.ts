import type { StatusBoard, TargetStatus } from '../../../probes/history/status-board.ts';
import { formatCount } from '../../../thresholds/units.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { renderRow } from './row.ts';
import { byUrgency, countStates, STATES_WORST_FIRST, type State, stateOf, viewTarget } from './view.ts';

/** More targets than this, and groups in which all is well begin folded. */
const UNFOLDED_TARGETS = 200;

/** Whether a state asks for a look. */
const TROUBLE: ReadonlySet<State> = new Set<State>(['down', 'failing', 'unknown', 'degraded']);

/**
 * The overview, in pieces of one row or less: groups with trouble first, and in them the targets with trouble. Complete without
 * JavaScript; with it, rows change as results come in.
 */
export function* renderOverview(
  board: StatusBoard,
  { nowMs, environment, version }: { nowMs: number; environment: string; version: string },
): Generator<string> {
  const statuses = [...board.all()].sort(byUrgency);
  const top = renderHeadline(statuses);
  yield [
    ...pageHead(`firedrill: ${top.text}`, '.'),
    `<body data-version="${board.version}">`,
    `<header><h1>firedrill · ${escapeHtml(environment)}</h1>${top.html}</header>`,
    '<div class="tools"><label><input type="checkbox" id="trouble"> only what is not up</label>',
    '<label class="needs-script">find <input type="search" id="find"></label>',
    '<span class="needs-script" id="connection"></span></div>',
    '<main>',
  ].join('\n');
  for (const [system, members] of groupBySystem(statuses)) {
    const open = statuses.length <= UNFOLDED_TARGETS || members.some((status) => TROUBLE.has(stateOf(status)));
    yield `<details${open ? ' open' : ''}><summary>${escapeHtml(system)} <small>${describeCounts(members)}</small></summary>\n${COLUMNS}<ul class="targets">`;
    for (const status of members) yield `${renderRow(viewTarget(board, status, nowMs))}\n`;
    yield '</ul></details>\n';
  }
  if (statuses.length === 0) yield '<p>No targets.</p>';
  yield `</main><footer>firedrill ${escapeHtml(version)}, as of <time datetime="${new Date(nowMs).toISOString()}">${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')} UTC</time>. Uptime is the share of judged runs that were good; maintenance and runs that could not be judged are left out. The budget is that of 99 % over 30 days.</footer></body></html>\n`;
}

/** What stands at the top: the worst that there is, in words. Also sent with every live change. */
export function renderHeadline(statuses: readonly TargetStatus[]): { html: string; text: string } {
  const { state, text } = headline(statuses);
  return { html: `<p id="headline" class="${state}" role="status">${text}</p>`, text };
}

/** Head of a status page; `root` leads from it to where the pages begin. */
export function pageHead(title: string, root: string): string[] {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<link rel="stylesheet" href="${root}/status.css"><script src="${root}/status.js" defer></script></head>`,
  ];
}

const COLUMNS =
  '<div class="columns" aria-hidden="true"><span>target</span><span>state</span><span>kind</span><span>last run</span><span>last hour</span><span>1 h</span><span>24 h</span><span>30 d</span><span>budget left</span></div>';

function headline(statuses: readonly TargetStatus[]): { state: State; text: string } {
  const counts = countStates(statuses);
  const total = statuses.length;
  const bad = counts.down + counts.failing;
  if (bad > 0) return { state: 'down', text: `${formatCount(bad)} of ${formatCount(total)} targets failing` };
  const unsure = counts.unknown + counts.waiting;
  if (unsure > 0)
    return { state: 'unknown', text: `${formatCount(unsure)} of ${formatCount(total)} targets not judged` };
  if (total === 0) return { state: 'unknown', text: 'nothing to probe' };
  return { state: 'up', text: `all ${formatCount(total)} targets up` };
}

function describeCounts(members: readonly TargetStatus[]): string {
  const counts = countStates(members);
  return STATES_WORST_FIRST.filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${state}`)
    .join(', ');
}

function groupBySystem(statuses: readonly TargetStatus[]): Map<string, TargetStatus[]> {
  const groups = new Map<string, TargetStatus[]>();
  for (const status of statuses) {
    const members = groups.get(status.system) ?? [];
    members.push(status);
    groups.set(status.system, members);
  }
  return groups;
}
