import { deriveGrafana } from '../../monitoring/dashboards/dashboards.ts';
import type { DashboardRow, Verdict } from '../../thresholds/verdict.ts';
import { HarnessError } from '../process/harness-error.ts';
import type { Session } from '../run/session.ts';
import { type Execution, executePanels } from './execute.ts';
import { Onlooker } from './look.ts';
import { panelQueries } from './panel-query.ts';
import { setStage } from './stage.ts';

export interface DashboardRun {
  /** Opened with the tools prometheus and k6, over a simulated fleet. */
  session: Session;
  /** Whose metrics the dashboards of runs show. */
  verdict: Verdict;
  /** What Grafana loads, by path below `grafana/`; the derived files when left out. */
  files?: ReadonlyMap<string, string>;
  onRound?: Execution['onRound'];
  /** Whether each panel must also move under its fault: takes about twelve minutes for the five systems. Default true. */
  disturb?: boolean;
}

/**
 * Every query of every panel, healthy and disturbed, as rows of a verdict.
 * @throws HarnessError without a fleet: no fault is ever switched on a real service.
 */
export async function runDashboards({
  session,
  verdict,
  files,
  onRound,
  disturb = true,
}: DashboardRun): Promise<DashboardRow[]> {
  const { fleet, selection, signal } = session;
  if (fleet === null) {
    throw new HarnessError('dashboards cannot be tried', {
      reason: 'no service of the catalogue is simulated, and real ones are not disturbed',
      hint: 'choose the environment sim',
    });
  }
  const catalogue = selection.surroundings;
  const stage = await setStage(session, fleet, verdict);
  try {
    const { prometheus, world } = stage;
    return await executePanels({
      catalogue,
      queries: panelQueries(catalogue, files ?? deriveGrafana(catalogue)),
      onlooker: new Onlooker(prometheus, (label, selector) => prometheus.labelValues(label, selector)),
      world,
      signal,
      disturb,
      ...(onRound === undefined ? {} : { onRound }),
    });
  } finally {
    await stage.stop();
  }
}
