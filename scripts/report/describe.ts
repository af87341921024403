import type { Outcome } from '../../thresholds/outcome.ts';
import { formatCount, formatDuration, formatShare } from '../../thresholds/units.ts';
import type {
  AlertRow,
  DashboardRow,
  HarnessProblem,
  LoadRow,
  ProbeRow,
  Unit,
  Verdict,
} from '../../thresholds/verdict.ts';

/** A row in words: what it is about, the evidence, and where the promise stands. Every report prints the same. */
export interface Finding {
  kind: 'harness' | 'load' | 'probe' | 'alert' | 'dashboard';
  outcome: Outcome;
  /** What it is about: `personalization/backend  GET /api/profile/{user}  p95`. */
  subject: string;
  /** The evidence in one sentence. */
  evidence: string;
  place: string | null;
}

/** A measured value or limit with its unit. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'seconds':
      return formatDuration(value * 1_000);
    case 'ratio':
      return formatShare(value);
    case 'bytes':
      return `${formatCount(value)} bytes`;
    case 'count':
      return Number.isInteger(value) ? formatCount(value) : `${Number(value.toPrecision(4))}`;
  }
}

/** Every row of a verdict in words, in the order of the verdict. */
export function describeVerdict(verdict: Verdict): Finding[] {
  return [
    ...verdict.harness.problems.map(describeProblem),
    ...verdict.load.map(describeLoadRow),
    ...verdict.probes.map(describeProbeRow),
    ...verdict.alerts.map(describeAlertRow),
    ...verdict.dashboards.map(describeDashboardRow),
  ];
}

function describeProblem(problem: HarnessProblem): Finding {
  return { kind: 'harness', outcome: problem.outcome, subject: problem.phase, evidence: problem.reason, place: null };
}

function describeLoadRow(row: LoadRow): Finding {
  const what = row.endpoint ?? row.provider ?? '';
  const measured =
    row.measured === null ? 'nothing measured' : `${row.objective} ${formatValue(row.measured, row.unit)}`;
  const limit = `limit ${formatValue(row.limit, row.unit)}`;
  const figures = `${measured}, ${limit}, ${formatCount(row.samples)} samples`;
  return {
    kind: 'load',
    outcome: row.outcome,
    subject: [`${row.system}/${row.service}`, what, row.objective].filter(Boolean).join('  '),
    evidence: row.reason === '' ? figures : `${row.reason} (${figures})`,
    place: row.place ?? null,
  };
}

function describeProbeRow(row: ProbeRow): Finding {
  const runs = `${formatCount(row.runs)} runs, ${formatCount(row.failures)} failed, ${formatCount(row.unknown)} unknown`;
  return {
    kind: 'probe',
    outcome: row.outcome,
    subject: `${row.target}  ${row.kind} probe`,
    evidence: row.reason === '' ? runs : `${row.reason} (${runs})`,
    place: null,
  };
}

function describeAlertRow(row: AlertRow): Finding {
  const timing =
    row.deliveredSeconds === null
      ? 'not delivered'
      : `delivered to ${row.deliveredTo.join(', ')} after ${formatDuration(row.deliveredSeconds * 1_000)}`;
  return {
    kind: 'alert',
    outcome: row.outcome,
    subject: `${row.system}  ${row.alert}  (${row.fault})`,
    evidence: row.reason === '' ? timing : `${row.reason} (${timing})`,
    place: row.place ?? null,
  };
}

function describeDashboardRow(row: DashboardRow): Finding {
  const seen = row.faulty === '' ? `healthy: ${row.healthy}` : `healthy: ${row.healthy}, disturbed: ${row.faulty}`;
  return {
    kind: 'dashboard',
    outcome: row.outcome,
    subject: `${row.dashboard}  ${row.panel}  ${row.query.split(':', 1)[0]}`,
    evidence: row.reason === '' ? seen : `${row.reason} (${seen})`,
    place: null,
  };
}
