import { type Outcome, worstOutcome } from '../../thresholds/outcome.ts';
import { formatCount, formatDuration } from '../../thresholds/units.ts';
import type { DashboardRow, Verdict } from '../../thresholds/verdict.ts';
import { formatValue } from './describe.ts';

/** Rows of a verdict as text, for Markdown and the page alike. The last cell of each row is its outcome. */
export interface ReportTable {
  title: string;
  header: string[];
  rows: { cells: string[]; outcome: Outcome }[];
}

/** Load, probes, alerts and dashboards; a part that was not looked at has no rows. */
export function reportTables(verdict: Verdict): ReportTable[] {
  return [
    {
      title: 'Load',
      header: ['service', 'endpoint or provider', 'objective', 'limit', 'measured', 'samples', 'outcome'],
      rows: verdict.load.map((row) => ({
        outcome: row.outcome,
        cells: [
          `${row.system}/${row.service}`,
          row.endpoint ?? row.provider ?? '',
          row.objective,
          formatValue(row.limit, row.unit),
          row.measured === null ? 'nothing' : formatValue(row.measured, row.unit),
          formatCount(row.samples),
          row.outcome,
        ],
      })),
    },
    {
      title: 'Probes',
      header: ['target', 'kind', 'runs', 'failures', 'unknown', 'p95', 'outcome'],
      rows: verdict.probes.map((row) => ({
        outcome: row.outcome,
        cells: [
          row.target,
          row.kind,
          formatCount(row.runs),
          formatCount(row.failures),
          formatCount(row.unknown),
          row.p95Seconds === null ? 'under 20 runs' : formatDuration(row.p95Seconds * 1_000),
          row.outcome,
        ],
      })),
    },
    {
      title: 'Alerts',
      header: ['alert', 'system', 'fault', 'firing', 'delivered', 'predicted', 'resolved', 'speed', 'outcome'],
      rows: verdict.alerts.map((row) => ({
        outcome: row.outcome,
        cells: [
          row.alert,
          row.system,
          row.fault,
          seconds(row.detectedSeconds),
          row.deliveredTo.length === 0 ? 'nobody' : `${row.deliveredTo.join(', ')} ${seconds(row.deliveredSeconds)}`,
          row.predictedSeconds === null ? '' : `${row.predictedSeconds.map((value) => value.toFixed(1)).join(' - ')} s`,
          seconds(row.resolvedSeconds),
          `${row.compression}x`,
          row.outcome,
        ],
      })),
    },
    {
      title: 'Dashboards',
      header: ['dashboard', 'panels', 'queries', 'with data', 'moved under their fault', 'outcome'],
      rows: [...Map.groupBy(verdict.dashboards, ({ dashboard }) => dashboard)].map(dashboardCells),
    },
  ];
}

function seconds(value: number | null): string {
  return value === null ? 'never' : `${value.toFixed(2)} s`;
}

/** One line for all queries of a dashboard; those that fail are among the findings. */
function dashboardCells([dashboard, rows]: [string, DashboardRow[]]): ReportTable['rows'][number] {
  const outcome = worstOutcome(rows);
  const count = (keep: (row: DashboardRow) => boolean) => formatCount(rows.filter(keep).length);
  const disturbed = rows.some(({ faulty }) => faulty !== '');
  return {
    outcome,
    cells: [
      dashboard,
      formatCount(new Set(rows.map(({ panel }) => panel)).size),
      formatCount(rows.length),
      count(({ healthy }) => healthy === 'data'),
      disturbed ? count(({ faulty }) => faulty.startsWith('moved')) : 'not tried',
      outcome,
    ],
  };
}
