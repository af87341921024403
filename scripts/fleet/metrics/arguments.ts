import type { Endpoint, Service } from '../../../thresholds/model.ts';

const ARGUMENT = '$argument.';

/**
 * Which arguments of an endpoint become label values, and the values that the catalogue names for them. Other values are counted as
 * `other`: a label must not grow with what clients send.
 */
export function knownArguments(endpoint: Endpoint, service: Service): Map<string, Set<string>> {
  const sources = service.metrics.flatMap(({ labels }) => Object.values(labels));
  const names = sources.flatMap((source) =>
    typeof source === 'string' && source.startsWith(ARGUMENT) ? [source.slice(ARGUMENT.length)] : [],
  );
  return new Map([...new Set(names)].map((name) => [name, new Set(valuesOf(endpoint, name))]));
}

/** The arguments of a request as label values. */
export function labelArguments(
  known: ReadonlyMap<string, ReadonlySet<string>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, values] of known) {
    const value = given[name];
    if (value === undefined || value === null) labels[name] = '';
    else labels[name] = values.has(String(value)) ? String(value) : 'other';
  }
  return labels;
}

function valuesOf(endpoint: Endpoint, name: string): string[] {
  if (endpoint.kind === 'completion') return [];
  if (endpoint.kind === 'tool') return name in endpoint.arguments ? [String(endpoint.arguments[name])] : [''];
  const query = new URLSearchParams(endpoint.path.split('?')[1] ?? '').getAll(name);
  const params = (endpoint.params[name] ?? []).map(String);
  const field = jsonObject(endpoint.body)[name];
  const values = [...params, ...query, ...(field === undefined ? [] : [String(field)])];
  return values.length === 0 ? [''] : values;
}

/** The JSON object in a text, or an empty one. */
export function jsonObject(text: string | null): Record<string, unknown> {
  if (text === null || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
