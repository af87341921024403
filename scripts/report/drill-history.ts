import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { escapeValue } from '../../probes/metrics/text.ts';
import { LABEL } from '../../thresholds/names.ts';
import { RUN_METRIC } from '../../thresholds/run-names.ts';
import type { Verdict } from '../../thresholds/verdict.ts';

const PASSED = RUN_METRIC.drillLastPassedTimestampSeconds;
const JUDGED = RUN_METRIC.drillTimestampSeconds;
const FILE = 'metrics.prom';
/** An alert that passed longer ago has been complained about for most of a year; its system may be gone. */
const FORGOTTEN_AFTER_SECONDS = 400 * 86_400;

/** Series by value. */
type Known = ReadonlyMap<string, number>;

/**
 * The metrics of a run with what earlier runs knew of its alerts: when each last passed a drill, and when one was last judged. This folder or
 * `latest` beside it tells. A system that was drilled now keeps only the alerts that it still has.
 */
export function withDrillHistory(metrics: string, verdict: Verdict, folder: string): string {
  const now = Date.parse(verdict.finishedAt) / 1_000;
  const before = earlierMetrics(folder);
  const present = new Set(verdict.alerts.map((row) => alertOf(row.system, row.alert, verdict.environment)));
  const drilled = new Set(verdict.alerts.map(({ system }) => scopeOf(system, verdict.environment)));
  const kept = (name: string): Known =>
    new Map(
      seriesIn(before, name).filter(([series, time]) => {
        const { system, alert, environment } = labelsIn(series);
        const gone = drilled.has(`${system} ${environment}`) && !present.has(`${system} ${alert} ${environment}`);
        return !gone && now - time < FORGOTTEN_AFTER_SECONDS;
      }),
    );
  const passed = new Map(kept(PASSED));
  for (const row of verdict.alerts) if (row.outcome === 'pass') passed.set(passedSeries(row, verdict.environment), now);
  const fresh = new Set(seriesIn(metrics, JUDGED).map(([series]) => alertIn(series)));
  const judged = [...kept(JUDGED)].filter(([series]) => !fresh.has(alertIn(series)));
  return joined(joined(metrics, JUDGED, judged), PASSED, [...passed]);
}

/** A family with further series, which must stand together under one type. */
function joined(metrics: string, name: string, series: readonly (readonly [string, number])[]): string {
  if (series.length === 0) return metrics;
  const type = `# TYPE ${name} gauge\n`;
  const lines = series.map(([text, value]) => `${text} ${value}\n`).join('');
  return metrics.includes(type) ? metrics.replace(type, () => type + lines) : `${metrics}${type}${lines}`;
}

function passedSeries({ system, alert, severity }: Verdict['alerts'][number], environment: string): string {
  return seriesOf({
    [LABEL.system]: system,
    [LABEL.alertname]: alert,
    [LABEL.severity]: severity,
    [LABEL.environment]: environment,
  });
}

function seriesOf(labels: Readonly<Record<string, string>>): string {
  return `${PASSED}{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',')}}`;
}

function scopeOf(system: string, environment: string): string {
  return `${escapeValue(system)} ${escapeValue(environment)}`;
}

function alertOf(system: string, alert: string, environment: string): string {
  return [system, alert, environment].map(escapeValue).join(' ');
}

function alertIn(series: string): string {
  const { system, alert, environment } = labelsIn(series);
  return `${system} ${alert} ${environment}`;
}

function labelsIn(series: string): { system: string; alert: string; environment: string } {
  const value = (label: string) => new RegExp(`[{,]${label}="((?:[^"\\\\]|\\\\.)*)"`).exec(series)?.[1] ?? '';
  return { system: value(LABEL.system), alert: value(LABEL.alertname), environment: value(LABEL.environment) };
}

function seriesIn(metrics: string, name: string): (readonly [string, number])[] {
  return metrics.split('\n').flatMap((line) => {
    const end = line.lastIndexOf('} ') + 1;
    return line.startsWith(`${name}{`) ? [[line.slice(0, end), Number(line.slice(end))] as const] : [];
  });
}

/** The metrics of the last run; empty where there was none. */
function earlierMetrics(folder: string): string {
  for (const place of [folder, join(dirname(folder), 'latest')]) {
    try {
      return readFileSync(join(place, FILE), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return '';
}
