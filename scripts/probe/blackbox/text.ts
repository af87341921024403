import { addressHash } from '../../../probes/metrics/address.ts';
import { failedDueToRegex } from '../../../probes/metrics/families.ts';
import type { TargetSeries } from '../../../probes/metrics/registry.ts';
import type { RunSample } from '../../../probes/metrics/series.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';

/** Of a target that is looked at again and again; one look has none. */
const SCHEDULED: ReadonlySet<string> = new Set([
  PROBE_METRIC.lastRunTimestampSeconds,
  PROBE_METRIC.state,
  PROBE_METRIC.maintenance,
]);

/** What blackbox_exporter always tells of these kinds, and a target of ours only where the catalogue asks for it. */
const ALWAYS = { http: [failedDueToRegex, addressHash], tcp: [failedDueToRegex, addressHash] } as const;

/** Told by blackbox_exporter even when there was no answer. */
const ZERO_WITHOUT: ReadonlySet<string> = new Set([
  PROBE_METRIC.httpUncompressedBodyLength,
  PROBE_METRIC.httpContentLength,
]);

/**
 * One run in blackbox_exporter's form: the gauges, without labels of the target, which the scraping Prometheus adds. What the run did
 * not see is left out.
 */
export function blackboxText({ layout, values, infos, target }: TargetSeries, run: RunSample): string {
  const rows = layout.series.map(({ family, labels }, slot) => ({ family, labels, value: values[slot] ?? Number.NaN }));
  if (run.result.facts.status === undefined)
    for (const row of rows) if (ZERO_WITHOUT.has(row.family.name)) row.value = 0;
  const known = new Set(rows.map(({ family }) => family.name));
  const { kind } = target.spec;
  for (const series of kind === 'http' || kind === 'tcp' ? ALWAYS[kind] : []) {
    if (known.has(series.family.name)) continue;
    rows.push({ family: series.family, labels: series.labels, value: series.update(Number.NaN, run) });
  }
  layout.infos.forEach(({ family, labels }, index) => {
    const seen = infos[index]?.current ?? null;
    if (seen === null) return;
    rows.push({ family, labels: Object.fromEntries(labels.map((name, at) => [name, seen[at] ?? ''])), value: 1 });
  });
  const shown = rows.filter(
    ({ family, value }) => family.type === 'gauge' && !SCHEDULED.has(family.name) && !Number.isNaN(value),
  );
  // Rows of one family stand together, as the format asks.
  return [...Map.groupBy(shown, ({ family }) => family.name).values()]
    .map((group) => {
      const { name, type, help } = group[0]?.family ?? { name: '', type: 'gauge', help: '' };
      const lines = group.map(({ labels, value }) => `${name}${formatLabels(labels)} ${value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const all = Object.entries(labels)
    .sort()
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`,
    );
  return all.length === 0 ? '' : `{${all.join(',')}}`;
}
