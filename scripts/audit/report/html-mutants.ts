import type { AuditReport } from '../../../monitoring/audit/report.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { item, section, table } from './html-parts.ts';
import { type LocatedSurvivor, locatedSurvivors, reasonText } from './survivors.ts';

/** Mutants on the page; the rest is in audit.json. */
const SHOWN = 500;

/** What the mutants need beside the style of every page. */
export const MUTANT_STYLE = `
pre { font: .82rem/1.4 ui-monospace, monospace; margin: .3rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.removed { color: var(--fail); } .added { color: var(--pass); }
summary { cursor: pointer; color: var(--dim); }
`;

/** Tests that say nothing of the rules. */
export function renderTestFaults({ testFaults }: AuditReport): string {
  return section(
    'tests at fault',
    testFaults.map(({ id, file, line, alert, reason }) =>
      item('fail', `${alert ?? file}  ${id}`, [reason], `${file}:${line}`),
    ),
  );
}

/** Mutants that no test noticed, each with a test that does. */
export function renderSurvivors(report: AuditReport): string {
  const all = locatedSurvivors(report);
  const rest = all.length - SHOWN;
  const items = [
    ...all.slice(0, SHOWN).map(survivorItem),
    ...(rest > 0 ? [`<li><p>and ${rest} more: see audit.json</p></li>`] : []),
  ];
  return section('mutants that no test noticed', items);
}

function survivorItem(survivor: LocatedSurvivor): string {
  const { file, line, subject, operator, what, diff, killer } = survivor;
  const lines = diff.map((each) => {
    const side = each.startsWith('-') ? 'removed' : 'added';
    return `<span class="${side}">${escapeHtml(each)}</span>`;
  });
  const test =
    killer === null
      ? ''
      : `<details><summary>a test that notices it</summary><pre>${escapeHtml(killer)}</pre></details>`;
  return [
    `<li class="inconclusive"><h3>${escapeHtml(`${subject}  ${operator}`)}</h3>`,
    `<pre>${lines.join('\n')}</pre>`,
    `<p>${escapeHtml(`${what}; ${reasonText(survivor)}`)}</p>${test}`,
    `<p><code>${escapeHtml(`${file}:${line}`)}</code></p></li>`,
  ].join('');
}

/** Routes of the Alertmanager file by what tests and the last drill covered of them. */
export function renderRoutes({ coverage }: AuditReport): string {
  const rows = (coverage?.routes ?? []).map(({ file, line, receiver, alerts, tested, drilled }) => ({
    outcome: tested + drilled > 0 ? 'pass' : 'inconclusive',
    cells: [
      `${file}:${line}`,
      receiver,
      String(alerts.length),
      String(tested),
      String(drilled),
      tested + drilled > 0 ? 'covered' : alerts.length > 0 ? 'not covered' : 'no audited alert ends here',
    ],
  }));
  return table('routes', ['route', 'receiver', 'alerts', 'of them tested', 'of them drilled', 'coverage'], rows);
}

/** Dashboards of the last drill. */
export function renderDashboards({ coverage }: AuditReport): string {
  const rows = (coverage?.dashboards ?? []).map(({ dashboard, panels, queries, passed }) => ({
    outcome: passed === queries ? 'pass' : 'fail',
    cells: [dashboard, String(panels), String(queries), String(passed), passed === queries ? 'pass' : 'fail'],
  }));
  return table('dashboards', ['dashboard', 'panels', 'queries', 'passed', 'last drill'], rows);
}
