import { type LiveDrill, showDrill } from '../drill/report/live.ts';
import { writeDrillRecord } from '../drill/report/record.ts';
import { timelineOfCase } from '../drill/report/timeline.ts';
import type { SyntheticDrillResult } from '../drill/synthetic/types.ts';
import { renderDrillTable } from '../drill/table.ts';
import type { Recorder } from '../run/recorder.ts';
import type { CommandContext } from './command.ts';

/**
 * Runs a drill, shows it while it runs, prints its table and puts it on record: rows, problems, the course of each alert. What it throws is
 * a problem of the run, unless the run was interrupted.
 */
export async function recordDrill(
  { output, signal }: CommandContext,
  recorder: Recorder,
  { dir, verbose = false }: { readonly dir: string; readonly verbose?: boolean | undefined },
  work: (live: LiveDrill) => Promise<SyntheticDrillResult>,
): Promise<void> {
  const live = showDrill(output);
  try {
    const { rows, cases, problems, notDrilled, notes } = await work(live);
    live.stop();
    recorder.verdict.alerts.push(...rows);
    problems.forEach(recorder.problem);
    writeDrillRecord(
      dir,
      cases.map((each, index) => timelineOfCase(each, rows[index]?.fault ?? '')),
    );
    for (const note of notes) output.line(`  ${note}`);
    output.line(renderDrillTable(rows, notDrilled, { verbose }));
  } catch (error) {
    if (!signal.aborted) recorder.fail('drill', error);
  } finally {
    live.stop();
  }
}
