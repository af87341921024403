import { escapeValue } from '../../probes/metrics/text.ts';
import { LABEL } from '../../thresholds/names.ts';
import { OUTCOMES_WORST_FIRST, type Outcome } from '../../thresholds/outcome.ts';
import { RUN_METRIC } from '../../thresholds/run-names.ts';
import type { AlertRow, LoadRow, Verdict } from '../../thresholds/verdict.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [name: string, labels: Labels, value: number];

/** A verdict in Prometheus's text format, for dashboards and alerts on runs. */
export function renderMetrics(verdict: Verdict): string {
  const environment = { [LABEL.environment]: verdict.environment };
  const samples: Sample[] = [
    ...runSamples(verdict),
    ...verdict.load.flatMap(slaSamples),
    ...verdict.alerts.flatMap((row) => drillSamples(row, verdict.finishedAt)),
  ];
  const families = Map.groupBy(samples, ([name]) => name);
  return [...families].map(([name, family]) => familyText(name, family, environment)).join('');
}

function runSamples({ outcome, startedAt, finishedAt, load, probes, alerts, dashboards }: Verdict): Sample[] {
  const parts = { load, probes, alerts, dashboards };
  return [
    ...OUTCOMES_WORST_FIRST.map((one): Sample => [RUN_METRIC.outcome, { outcome: one }, one === outcome ? 1 : 0]),
    [RUN_METRIC.finishedTimestampSeconds, {}, seconds(finishedAt)],
    [RUN_METRIC.durationSeconds, {}, seconds(finishedAt) - seconds(startedAt)],
    ...Object.entries(parts).flatMap(([part, rows]) =>
      OUTCOMES_WORST_FIRST.map(
        (one): Sample => [RUN_METRIC.rows, { part, outcome: one }, rows.filter((row) => row.outcome === one).length],
      ),
    ),
  ];
}

function seconds(time: string): number {
  return Date.parse(time) / 1_000;
}

function slaSamples(row: LoadRow): Sample[] {
  const { system, service, endpoint, provider, objective, unit, source, limit, measured, samples, outcome } = row;
  const labels = {
    [LABEL.system]: system,
    [LABEL.service]: service,
    endpoint: endpoint ?? provider ?? '',
    [LABEL.objective]: objective,
    unit,
    source,
  };
  return [
    ...(measured === null ? [] : [[RUN_METRIC.slaMeasured, labels, measured] as const]),
    [RUN_METRIC.slaLimit, labels, limit],
    [RUN_METRIC.slaSamples, labels, samples],
    ...judged(RUN_METRIC.slaKept, labels, outcome, outcome === 'pass' ? 1 : 0),
  ];
}

function drillSamples(row: AlertRow, finishedAt: string): Sample[] {
  const { alert, system, severity, fault, compression, predictedSeconds, outcome } = row;
  if (predictedSeconds === null) return [];
  const labels = { [LABEL.system]: system, [LABEL.alertname]: alert, [LABEL.severity]: severity, fault };
  const known = (name: string, value: number | null): Sample[] => (value === null ? [] : [[name, labels, value]]);
  return [
    ...known(RUN_METRIC.drillDetectedSeconds, row.detectedSeconds),
    ...known(RUN_METRIC.drillDeliveredSeconds, row.deliveredSeconds),
    ...known(RUN_METRIC.drillResolvedSeconds, row.resolvedSeconds),
    [RUN_METRIC.drillPredictedSeconds, { ...labels, bound: 'earliest' }, predictedSeconds[0]],
    [RUN_METRIC.drillPredictedSeconds, { ...labels, bound: 'latest' }, predictedSeconds[1]],
    [RUN_METRIC.drillCompression, labels, compression],
    ...judged(RUN_METRIC.drillPassed, labels, outcome, outcome === 'pass' ? 1 : 0),
    ...judged(RUN_METRIC.drillTimestampSeconds, labels, outcome, seconds(finishedAt)),
  ];
}

/** What was looked at and not judged is neither kept nor broken, passed nor failed. */
function judged(name: string, labels: Labels, outcome: Outcome, value: number): Sample[] {
  return outcome === 'pass' || outcome === 'fail' ? [[name, labels, value]] : [];
}

function familyText(name: string, family: readonly Sample[], common: Labels): string {
  const lines = family.map(([, labels, value]) => {
    const pairs = Object.entries({ ...labels, ...common }).filter(([, text]) => text !== '');
    return `${name}{${pairs.map(([label, text]) => `${label}="${escapeValue(text)}"`).join(',')}} ${value}`;
  });
  return `# TYPE ${name} gauge\n${lines.join('\n')}\n`;
}
