import { judgeMeasured } from '../../thresholds/judge/measured.ts';
import type { Catalogue, PromqlObjective, Service } from '../../thresholds/model.ts';
import { LABEL } from '../../thresholds/names.ts';
import { formatCount, formatDuration, formatPrometheusDuration, formatShare } from '../../thresholds/units.ts';
import type { LoadRow, Unit } from '../../thresholds/verdict.ts';

/** What this needs of a Prometheus client: an instant query at a Unix time in seconds. */
export interface InstantQueries {
  query(promql: string, timeSeconds?: number): Promise<readonly { readonly value: number }[]>;
}

export interface PromqlRun {
  catalogue: Catalogue;
  client: InstantQueries;
  /** Length of the run, for `$window`. */
  windowMs: number;
  /** End of the run, Unix time in milliseconds. */
  atMs: number;
}

/** Judges the promises on PromQL expressions, as measured at the end of the run. Rows are in the order of the catalogue. */
export async function judgePromql({ catalogue, client, windowMs, atMs }: PromqlRun): Promise<LoadRow[]> {
  const services = catalogue.systems.flatMap((system) => system.services);
  const objectives = services.flatMap((service) => service.promql.map((objective) => ({ service, objective })));
  return Promise.all(
    objectives.map(async ({ service, objective }) => {
      const ask = (template: string) =>
        readValue(client, fillPromql(template, service, catalogue.environment, windowMs), atMs / 1_000);
      const [value, samples] = await Promise.all([ask(objective.expr), ask(objective.samples)]);
      return toRow(service, objective, value, samples);
    }),
  );
}

/** Fills in `$matchers` (the labels of the service) and `$window` (the length of the run). */
export function fillPromql(template: string, service: Service, environment: string, windowMs: number): string {
  const matchers = [
    [LABEL.system, service.system],
    [LABEL.service, service.id],
    [LABEL.environment, environment],
  ].map(([label, value]) => `${label}="${value}"`);
  return template
    .replaceAll('$matchers', matchers.join(','))
    .replaceAll('$window', formatPrometheusDuration(Math.max(1_000, windowMs)));
}

/** One number, or null for an empty or ambiguous answer; `problem` says which. */
type Reading = { value: number; problem: null } | { value: null; problem: string };

async function readValue(client: InstantQueries, promql: string, timeSeconds: number): Promise<Reading> {
  try {
    const found = await client.query(promql, timeSeconds);
    const [first] = found;
    if (first === undefined) return { value: null, problem: `no series for ${promql}` };
    if (found.length > 1) return { value: null, problem: `${found.length} series instead of one for ${promql}` };
    if (Number.isNaN(first.value)) return { value: null, problem: `NaN, so nothing was counted, for ${promql}` };
    return { value: first.value, problem: null };
  } catch (error) {
    // A query that Prometheus refuses is the catalogue's fault; a Prometheus that does not answer is not.
    if (error instanceof Error && error.name === 'QueryError') return { value: null, problem: error.message };
    throw error;
  }
}

function toRow(service: Service, objective: PromqlObjective, value: Reading, counted: Reading): LoadRow {
  const { direction, limit, minSamples, unit, place } = objective;
  const samples = Math.round(counted.value ?? 0);
  const format = (number: number) => formatUnit(number, unit);
  const problem = value.problem ?? counted.problem;
  const judged =
    problem === null
      ? judgeMeasured({ direction, limit, measured: value.value, samples, minSamples, format })
      : { outcome: 'inconclusive' as const, reason: `never measured: ${problem}` };
  return {
    system: service.system,
    service: service.id,
    endpoint: service.id,
    source: 'prometheus',
    objective: objective.objective,
    unit,
    limit,
    measured: value.value,
    samples,
    ...judged,
    place: `${place.file}:${place.line}`,
  };
}

function formatUnit(value: number, unit: Unit): string {
  if (unit === 'seconds') return formatDuration(value * 1_000);
  if (unit === 'ratio') return formatShare(value);
  if (unit === 'bytes') return `${formatCount(Math.round(value))} bytes`;
  return String(Number(value.toPrecision(4)));
}
