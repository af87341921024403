import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatCount } from '../../thresholds/units.ts';
import { runDashboards } from '../dashboards/run.ts';
import { counted, phaseLine } from '../output.ts';
import type { Run } from './nightly.ts';

/** How closely a run looks at dashboards: not at all, that every query has data, or also that each moves under its fault. */
export const DASHBOARD_LOOKS = ['none', 'healthy', 'full'] as const;

export type DashboardLook = (typeof DASHBOARD_LOOKS)[number];

/** Every query of every panel on a Prometheus of its own, over the fleet under traffic, probes and load. */
export async function dashboardsPhase(run: Run, look: DashboardLook): Promise<void> {
  const { session, recorder, output, dir } = run;
  if (look === 'none') return;
  if (session.fleet === null) {
    const why = 'no service of this catalogue is simulated: no panel was looked at';
    output.line(phaseLine('panels', why, null));
    return;
  }
  const startedAt = performance.now();
  const own = join(dir, 'dashboards');
  mkdirSync(own, { recursive: true });
  const rows = await runDashboards({
    session: { ...session, dir: own },
    verdict: { ...recorder.verdict, finishedAt: new Date().toISOString(), outcome: 'pass' },
    disturb: look === 'full',
    onRound: (done, of) => output.progress(phaseLine('panels', `${done} of ${of} rounds of faults`, null)),
  });
  recorder.verdict.dashboards.push(...rows);
  const panels = new Set(rows.map(({ dashboard, panel }) => `${dashboard}/${panel}`)).size;
  const count = (keep: (row: (typeof rows)[number]) => boolean) => rows.filter(keep).length;
  const text = [
    `${counted(panels, 'panel')}, ${formatCount(rows.length)} queries`,
    `${count(({ healthy }) => healthy === 'data')} with data`,
    ...(look === 'full' ? [`${count(({ faulty }) => faulty.startsWith('moved'))} moved by their fault`] : []),
  ];
  output.line(phaseLine('panels', text.join(', '), performance.now() - startedAt));
}
