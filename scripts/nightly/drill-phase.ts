import { join } from 'node:path';
import { prepareDrill } from '../drill/drill.ts';
import { showDrill } from '../drill/report/live.ts';
import { renderDrillTable } from '../drill/table.ts';
import { phaseLine } from '../output.ts';
import type { Run } from './nightly.ts';

/** Every alert of the catalogue, from the fault to its receiver and back, on a monitoring pair of the drill's own. */
export async function drillPhase(run: Run): Promise<void> {
  const { selection, session, recorder, output, dir, verbose = false } = run;
  const alerts = selection.catalogue.systems.flatMap((system) => system.alerts);
  if (alerts.length === 0) {
    output.line(phaseLine('drill', 'no alert in this catalogue: nothing was drilled', null));
    return;
  }
  const startedAt = performance.now();
  const live = showDrill(output);
  const drill = await prepareDrill({
    catalogue: selection.catalogue,
    fleet: session.fleet,
    tools: { prometheus: session.tool('prometheus'), alertmanager: session.tool('alertmanager') },
    scope: session.scope,
    dir: join(dir, 'drill'),
    signal: session.signal,
    onProgress: live.onProgress,
  });
  try {
    const { rows, problems, notDrilled } = await drill.run();
    live.stop();
    recorder.verdict.alerts.push(...rows);
    problems.forEach(recorder.problem);
    const delivered = rows.filter((row) => row.deliveredSeconds !== null).length;
    const resolved = rows.filter((row) => row.resolvedSeconds !== null).length;
    const silent = rows.filter((row) => row.nearMissSilent === true).length;
    const speed = rows[0] === undefined ? '' : `, ${rows[0].compression}x`;
    const text = `${rows.length} alerts${speed}: ${delivered} delivered, ${resolved} resolved, ${silent} near misses silent`;
    output.line(phaseLine('drill', text, performance.now() - startedAt));
    output.line(renderDrillTable(rows, notDrilled, { verbose }));
  } finally {
    live.stop();
    await drill.stop();
  }
}
