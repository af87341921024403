import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { escapeValue } from '../../probes/metrics/text.ts';
import { LABEL } from '../../thresholds/names.ts';
import { RUN_METRIC } from '../../thresholds/run-names.ts';
import type { Verdict } from '../../thresholds/verdict.ts';

const NAME = RUN_METRIC.drillLastPassedTimestampSeconds;
const FILE = 'metrics.prom';
/** An alert that passed longer ago has been complained about for most of a year; its system may be gone. */
const FORGOTTEN_AFTER_SECONDS = 400 * 86_400;

/**
 * When each alert last passed a drill, as metrics: in this run, or in an earlier one of which this folder or `latest` beside it tells. A system
 * that was drilled now keeps only the alerts that it still has.
 */
export function drillHistory(verdict: Verdict, folder: string): string {
  const now = Date.parse(verdict.finishedAt) / 1_000;
  const labelled = ({ system, alert, severity }: Verdict['alerts'][number]) =>
    seriesOf({
      [LABEL.system]: system,
      [LABEL.alertname]: alert,
      [LABEL.severity]: severity,
      [LABEL.environment]: verdict.environment,
    });
  const present = new Set(verdict.alerts.map(labelled));
  const drilled = new Set(verdict.alerts.map(({ system }) => scopeOf(system, verdict.environment)));
  const passed = new Map<string, number>();
  for (const [series, time] of earlier(folder)) {
    const [, system = '', environment = ''] =
      /system="((?:[^"\\]|\\.)*)".*environment="((?:[^"\\]|\\.)*)"/.exec(series) ?? [];
    const gone = drilled.has(`${system} ${environment}`) && !present.has(series);
    if (!gone && now - time < FORGOTTEN_AFTER_SECONDS) passed.set(series, time);
  }
  for (const row of verdict.alerts) if (row.outcome === 'pass') passed.set(labelled(row), now);
  if (passed.size === 0) return '';
  return `# TYPE ${NAME} gauge\n${[...passed].map(([series, time]) => `${series} ${time}\n`).join('')}`;
}

function seriesOf(labels: Readonly<Record<string, string>>): string {
  return `${NAME}{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',')}}`;
}

function scopeOf(system: string, environment: string): string {
  return `${escapeValue(system)} ${escapeValue(environment)}`;
}

/** What the metrics of the last run say, series by value. */
function earlier(folder: string): (readonly [string, number])[] {
  for (const place of [folder, join(dirname(folder), 'latest')]) {
    try {
      const lines = readFileSync(join(place, FILE), 'utf8').split('\n');
      return lines.flatMap((line) => {
        const end = line.lastIndexOf('} ') + 1;
        return line.startsWith(`${NAME}{`) ? [[line.slice(0, end), Number(line.slice(end))] as const] : [];
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return [];
}
