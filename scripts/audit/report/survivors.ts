import type { Survivor } from '../../../monitoring/audit/mutants/tally.ts';
import type { AuditReport } from '../../../monitoring/audit/report.ts';

/** A mutant that no test noticed, with where it stands. */
export interface LocatedSurvivor extends Survivor {
  file: string;
  line: number;
  /** The alert, or the Alertmanager file's `routes`. */
  subject: string;
}

const REASON_RANK: Readonly<Record<Survivor['reason'], number>> = { survived: 0, 'fixture too poor': 1, untested: 2 };

/**
 * Every survivor, the most useful to read first: what tests saw and passed, before what their input could not show, before what has no test; those
 * with a test to copy first; larger faults before small ones; and one of each alert before the second of any.
 */
export function locatedSurvivors({ rules, routing }: AuditReport): LocatedSurvivor[] {
  const subjects = [
    ...rules.map(({ file, line, alert, mutants }) => ({ file, line, subject: alert, mutants })),
    ...(routing === null ? [] : [{ file: routing.file, line: 1, subject: 'routes', mutants: routing.mutants }]),
  ];
  return subjects
    .flatMap(({ file, line, subject, mutants }) =>
      (mutants?.survived ?? []).map((survivor, index) => ({ row: { file, line, subject, ...survivor }, index })),
    )
    .sort(
      (a, b) =>
        REASON_RANK[a.row.reason] - REASON_RANK[b.row.reason] ||
        Number(a.row.killer === null) - Number(b.row.killer === null) ||
        Number(isSmall(a.row)) - Number(isSmall(b.row)) ||
        a.index - b.index ||
        a.row.file.localeCompare(b.row.file) ||
        a.row.line - b.row.line,
    )
    .map(({ row }) => row);
}

/** A limit that is moved or met a little: the least that can go wrong with a rule. */
function isSmall({ operator, what }: LocatedSurvivor): boolean {
  return operator === 'threshold' || /^[<>]=? becomes [<>]=?$/.test(what);
}

/** Why a mutant was not noticed, in a line. */
export function reasonText({ reason, lack }: Pick<Survivor, 'reason' | 'lack'>): string {
  return lack === null ? reason : `${reason}: ${lack}`;
}

/** The mutants of a report in a line; null where there are none. */
export function mutantsLine(
  { mutants, score }: AuditReport['totals'],
  share: (value: number) => string,
): string | null {
  if (mutants === null) return null;
  const { total, killed, equivalent, survived, fixtureTooPoor, untested } = mutants;
  const parts = [
    `${killed} of ${total - equivalent} mutants noticed`,
    ...[
      [survived, 'survived'],
      [fixtureTooPoor, 'fixture too poor'],
      [untested, 'untested'],
      [equivalent, 'equivalent'],
    ].flatMap(([count, name]) => (count === 0 ? [] : [`${count} ${name}`])),
  ];
  return `mutation score ${score === null ? 'none' : share(score)}: ${parts.join(', ')}`;
}

/** What tests and the last drill cover, a line each; none where nothing was looked at. */
export function coverageLines({ coverage }: AuditReport): string[] {
  if (coverage === null) return [];
  const { alerts, routes, dashboards, drilledAt } = coverage;
  const tested = alerts.filter(({ tests }) => tests !== null && tests > 0).length;
  const drilled = alerts.filter(({ drill }) => drill === 'pass').length;
  const of = (count: number, total: number, noun: string) => `${count} of ${total} ${noun}`;
  const looked = alerts.some(({ tests }) => tests !== null);
  const reached = routes.filter((route) => route.alerts.length > 0).length;
  const routeParts = (count: (route: (typeof routes)[number]) => number) =>
    routes.length === 0 ? [] : [of(routes.filter((route) => count(route) > 0).length, routes.length, 'routes')];
  return [
    ...(looked
      ? [`tests cover ${[of(tested, alerts.length, 'alerts'), ...routeParts((route) => route.tested)].join(', ')}`]
      : []),
    ...(drilledAt === null
      ? []
      : [
          `the drill of ${drilledAt} covers ${[
            of(drilled, alerts.length, 'alerts'),
            ...routeParts((route) => route.drilled),
            ...(dashboards.length === 0
              ? []
              : [
                  of(
                    dashboards.filter(({ queries, passed }) => queries === passed).length,
                    dashboards.length,
                    'dashboards',
                  ),
                ]),
          ].join(', ')}`,
        ]),
    ...(routes.length === 0 ? [] : [`the audited alerts end in ${of(reached, routes.length, 'routes')}`]),
  ];
}
