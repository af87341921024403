import { SharedArray } from 'k6/data';
import { PLAN_VARIABLE, type ScenarioPlan, type ScenarioRow } from './row.ts';

// One copy for all virtual users: a copy for each would cost more memory than everything else here.
const rows = new SharedArray<ScenarioRow>('rows', () => {
  const plan: ScenarioPlan = JSON.parse(open(__ENV[PLAN_VARIABLE.plan] ?? ''));
  return plan.rows;
});

/**
 * A row of the plan by its index, to be kept: each look into the shared array is a JSON.parse.
 * @throws Error when there is none.
 */
export function planRow(index: string | undefined): ScenarioRow {
  const row = index === undefined ? undefined : rows[Number(index)];
  if (row === undefined) throw new Error(`no row ${JSON.stringify(index)} in the load plan`);
  return row;
}
