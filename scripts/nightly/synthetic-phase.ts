import { join } from 'node:path';
import { deriveAlertmanagerText } from '../../monitoring/alertmanager-config.ts';
import { deriveAlerts } from '../../monitoring/alerts/groups.ts';
import { deriveRulesText } from '../../monitoring/rules.ts';
import { LABEL } from '../../thresholds/names.ts';
import { showDrill } from '../drill/report/live.ts';
import { writeDrillRecord } from '../drill/report/record.ts';
import { timelineOfCase } from '../drill/report/timeline.ts';
import { runSyntheticDrill } from '../drill/synthetic/drill.ts';
import { renderDrillTable } from '../drill/table.ts';
import { phaseLine } from '../output.ts';
import { cacheFolder } from '../tools/cache.ts';
import type { Run } from './nightly.ts';

/** What a drill plays: faults of simulated services, series made for each alert, or both. */
export const DRILL_CASES = ['fleet', 'series', 'all'] as const;

export type DrillCases = (typeof DRILL_CASES)[number];

/** Every derived alert of the catalogue on series of its own, all at once, with the files as they are deployed. */
export async function syntheticPhase(run: Run): Promise<void> {
  const { selection, session, recorder, output, dir, env, verbose = false } = run;
  const { catalogue } = selection;
  const alerts = deriveAlerts(catalogue);
  const startedAt = performance.now();
  const live = showDrill(output);
  const drilling = runSyntheticDrill({
    files: [{ path: 'alert_rules.yml', text: deriveRulesText(catalogue) }],
    alertmanager: { path: 'alertmanager.yml', text: deriveAlertmanagerText(catalogue) },
    plan: ({ name, labels }) => {
      const alert = alerts.find((each) => each.name === name && each.system === labels[LABEL.system]);
      return alert === undefined ? undefined : { ...alert.drill, consequences: alert.consequences };
    },
    tools: {
      prometheus: session.tool('prometheus'),
      promtool: session.tool('promtool'),
      alertmanager: session.tool('alertmanager'),
    },
    scope: session.scope,
    dir: join(dir, 'synthetic'),
    cacheDir: join(cacheFolder(env), 'witnesses'),
    signal: session.signal,
    onState: live.onProgress,
  });
  const drilled = await drilling.finally(() => live.stop());
  const { cases, problems, notDrilled, notes, wallSeconds } = drilled;
  // A derived file has no author: the place is where the catalogue asks for the alert.
  const rows = drilled.rows.map((row) => {
    const place = alerts.find(({ name, system }) => name === row.alert && system === row.system)?.place ?? null;
    return place === null ? row : { ...row, place: `${place.file}:${place.line}` };
  });
  recorder.verdict.alerts.push(...rows);
  problems.forEach(recorder.problem);
  writeDrillRecord(
    dir,
    cases.map((each, index) => timelineOfCase(each, rows[index]?.fault ?? '')),
  );
  const passed = rows.filter(({ outcome }) => outcome === 'pass').length;
  const text = `${rows.length} alerts on series of their own in ${wallSeconds.toFixed(1)} s, ${passed} passed`;
  output.line(phaseLine('alerts', text, performance.now() - startedAt));
  for (const note of notes) output.line(`  ${note}`);
  output.line(renderDrillTable(rows, notDrilled, { verbose }));
}
