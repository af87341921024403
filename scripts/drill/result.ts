import type { DrillCase, DrillPlan, NotDrilled } from '../../monitoring/drill/case.ts';
import { caseClock, type DrillClock } from '../../monitoring/drill/clock.ts';
import { fleetGroups } from '../../monitoring/drill/groups.ts';
import { unmeasuredRow } from '../../monitoring/drill/row.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import type { Outcome } from '../../thresholds/outcome.ts';
import type { AlertRow, HarnessProblem } from '../../thresholds/verdict.ts';
import { HarnessError } from '../process/harness-error.ts';

export interface DrillResult {
  rows: AlertRow[];
  problems: HarnessProblem[];
  /** Alerts that the catalogue does not want drilled, with its reasons. */
  notDrilled: NotDrilled[];
}

/** Rows for alerts that should be drilled and cannot be, each with its reason. */
export function undrillableRows({ undrillable }: DrillPlan, { compression }: DrillClock): AlertRow[] {
  return undrillable.map((subject) => unmeasuredRow(subject, compression, 'inconclusive', subject.reason));
}

/** Rows for cases of which nothing was measured. */
export function unmeasuredRows(
  cases: readonly DrillCase[],
  clock: DrillClock,
  outcome: Outcome,
  reason: string,
): AlertRow[] {
  return cases.map((each) => unmeasuredRow(each, caseClock(each, clock).compression, outcome, reason));
}

/** Cases end in any order; a verdict keeps one. */
export function inCatalogueOrder(catalogue: Catalogue, rows: readonly AlertRow[]): AlertRow[] {
  const order = fleetGroups(catalogue).flatMap(({ alerts }) => alerts.map(({ system, name }) => `${system}/${name}`));
  const position = ({ system, alert }: AlertRow) => order.indexOf(`${system}/${alert}`);
  return rows.toSorted((a, b) => position(a) - position(b) || a.fault.localeCompare(b.fault));
}

/** Rows that are there are kept; cases that did not end are broken. */
export function brokenResult(
  { cases, notDrilled }: DrillPlan,
  clock: DrillClock,
  rows: readonly AlertRow[],
  finished: ReadonlySet<DrillCase>,
  error: unknown,
): DrillResult {
  const reason = error instanceof HarnessError ? error.describe() : String(error);
  const what = error instanceof HarnessError ? error.message : reason;
  const unfinished = cases.filter((each) => !finished.has(each));
  return {
    rows: [...rows, ...unmeasuredRows(unfinished, clock, 'broken', `not finished: ${what}`)],
    problems: [{ phase: 'drill', outcome: 'broken', reason }],
    notDrilled,
  };
}
