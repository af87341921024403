import type { LabelSource } from '../../../thresholds/model.ts';

/** What labels can be taken from: one request, or one call of a provider within it. */
export interface Event {
  readonly method: string;
  /** Path template, without the query. */
  readonly path: string;
  /** Id of the endpoint. */
  readonly endpoint: string;
  readonly status: number;
  readonly outcome: 'success' | 'error';
  /** Service that was called; empty for the request itself. */
  readonly provider: string;
  readonly durationSeconds: number;
  readonly arguments: Readonly<Record<string, string>>;
}

/** The value of a label; `position`, 0 to 1, decides where the catalogue leaves a choice. */
export type LabelValue = (event: Event, position: number) => string;

const ARGUMENT = '$argument.';

/**
 * How a label gets its value.
 * @throws Error for a `$` source that is not known.
 */
export function compileLabel(source: LabelSource): LabelValue {
  if (typeof source === 'string') return source.startsWith('$') ? fromEvent(source) : () => source;
  const choices = weigh(source);
  return (_, position) => choices.find((choice) => position < choice.upTo)?.value ?? choices.at(-1)?.value ?? '';
}

/** Every value that a label of a metric without requests takes, with its share of the whole. */
export function spread(source: LabelSource): { value: string; share: number }[] {
  if (typeof source === 'string') return [{ value: source, share: 1 }];
  let from = 0;
  return weigh(source).map(({ value, upTo }) => {
    const share = upTo - from;
    from = upTo;
    return { value, share };
  });
}

function fromEvent(source: string): LabelValue {
  if (source.startsWith(ARGUMENT)) {
    const name = source.slice(ARGUMENT.length);
    return (event) => event.arguments[name] ?? '';
  }
  switch (source) {
    case '$method':
      return (event) => event.method;
    case '$path':
      return (event) => event.path;
    case '$endpoint':
      return (event) => event.endpoint;
    case '$status':
      return (event) => String(event.status);
    case '$outcome':
      return (event) => event.outcome;
    case '$provider':
      return (event) => event.provider;
    default:
      throw new Error(
        `label source ${source}: must be $method, $path, $endpoint, $status, $outcome, $provider or $argument.<name>`,
      );
  }
}

function weigh(source: string[] | Record<string, number>): { value: string; upTo: number }[] {
  const weights = Array.isArray(source) ? source.map((value) => [value, 1] as const) : Object.entries(source);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let upTo = 0;
  return weights.map(([value, weight]) => {
    upTo += weight / total;
    return { value, upTo };
  });
}
