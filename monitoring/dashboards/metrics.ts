import type { Metric, Service, System } from '../../thresholds/model.ts';
import { LABEL } from '../../thresholds/names.ts';
import { DerivationError } from '../derivation-error.ts';
import { bucketMatcher, selector } from '../promql/text.ts';

/** Matchers that follow the variables of a dashboard. `$system` is one system, or a pattern where a dashboard spans them. */
export const FOLLOWS = {
  one: [`${LABEL.system}="$system"`, `${LABEL.service}=~"$service"`, `${LABEL.environment}=~"$environment"`],
  all: [`${LABEL.system}=~"$system"`, `${LABEL.service}=~"$service"`, `${LABEL.environment}=~"$environment"`],
} as const;

export interface Over {
  /** Labels that stay apart. */
  by?: readonly string[];
  /** Further matchers, each `label="value"`. */
  where?: readonly string[];
  /** `$__rate_interval` unless told otherwise; tables and pies look at the whole `$__range`. */
  window?: string;
}

const IDENTITY: readonly string[] = [LABEL.system, LABEL.service, LABEL.environment];

/**
 * The metrics of one system as its dashboards may use them: each name, type and label is looked up in the catalogue, so that a panel
 * cannot ask for what nobody exports.
 */
export class SystemMetrics {
  readonly system: System;

  constructor(system: System) {
    this.system = system;
  }

  /** Whether Prometheus reaches a service; the labels are those of the target. */
  up(): string {
    return selector('up', FOLLOWS.one);
  }

  /** A gauge, or any metric as it stands. */
  select(name: string, over: Over = {}): string {
    this.#assert(name, null, over);
    return selector(name, [...FOLLOWS.one, ...(over.where ?? [])]);
  }

  /** The sum of a counter's rates, a second. */
  rate(name: string, over: Over = {}): string {
    this.#assert(name, 'counter', over);
    return sum(over, `rate(${this.#series(name, over)}[${window(over)}])`);
  }

  /** How much a counter grew over the window. */
  increase(name: string, over: Over = {}): string {
    this.#assert(name, 'counter', over);
    return sum(over, `increase(${this.#series(name, over)}[${window(over)}])`);
  }

  /** The share of a counter's events that also match `part`, 0 to 1. Nothing, rather than NaN, while there are no events. */
  share(name: string, part: string, over: Over = {}): string {
    const where = over.where ?? [];
    const [some, all] = [this.rate(name, { ...over, where: [...where, part] }), this.rate(name, over)];
    return `(${some} or 0 * ${all}) / (${all} > 0)`;
  }

  /** A quantile of a histogram over the window. */
  quantile(q: number, name: string, over: Over = {}): string {
    this.#assert(name, 'histogram', over);
    const rates = `rate(${this.#series(`${name}_bucket`, over)}[${window(over)}])`;
    return `histogram_quantile(${q}, sum by (${['le', ...(over.by ?? [])].join(', ')}) (${rates}))`;
  }

  /** The mean of a histogram over the window. */
  mean(name: string, over: Over = {}): string {
    return `${this.total(name, over)} / (${this.observations(name, over)} > 0)`;
  }

  /** The sum of a histogram's observations, a second. */
  total(name: string, over: Over = {}): string {
    this.#assert(name, 'histogram', over);
    return sum(over, `rate(${this.#series(`${name}_sum`, over)}[${window(over)}])`);
  }

  /** Observations of a histogram, a second. */
  observations(name: string, over: Over = {}): string {
    this.#assert(name, 'histogram', over);
    return sum(over, `rate(${this.#series(`${name}_count`, over)}[${window(over)}])`);
  }

  /** Buckets of a histogram, for a heatmap. */
  buckets(name: string, over: Over = {}): string {
    this.#assert(name, 'histogram', over);
    return `sum by (le) (increase(${this.#series(`${name}_bucket`, over)}[${window(over)}]))`;
  }

  /**
   * The share of observations up to a bound, 0 to 1. Prometheus 3 writes whole bounds with a point.
   * @throws DerivationError when no bucket of the metric ends there: the share would be a guess.
   */
  within(name: string, bound: number, over: Over = {}): string {
    this.#assert(name, 'histogram', over);
    const wrong = this.#exporters(name).find(({ metric }) => !metric.buckets?.includes(bound));
    if (wrong !== undefined) {
      const rule = `${name} has no bucket that ends at ${bound}, so nobody knows the share below; add it to its buckets`;
      throw new DerivationError(wrong.service.place, rule);
    }
    const where = [...(over.where ?? []), bucketMatcher(bound)];
    const below = sum(over, `rate(${this.#series(`${name}_bucket`, { where })}[${window(over)}])`);
    return `${below} / (${this.observations(name, over)} > 0)`;
  }

  /** The services that export a metric. */
  services(name: string): Service[] {
    return this.#exporters(name).map(({ service }) => service);
  }

  #series(name: string, over: Over): string {
    return selector(name, [...FOLLOWS.one, ...(over.where ?? [])]);
  }

  #exporters(name: string): { service: Service; metric: Metric }[] {
    return this.system.services.flatMap((service) =>
      service.metrics.filter((metric) => metric.name === name).map((metric) => ({ service, metric })),
    );
  }

  #assert(name: string, type: Metric['type'] | null, over: Over): void {
    const exporters = this.#exporters(name);
    const fail = (rule: string) => {
      throw new DerivationError(exporters[0]?.service.place ?? this.system.place, rule);
    };
    if (exporters.length === 0) {
      fail(
        `a dashboard of ${this.system.id} shows ${name}, which none of its services exports; declare it under metrics`,
      );
    }
    if (type !== null && exporters.some(({ metric }) => metric.type !== type)) {
      fail(`a dashboard of ${this.system.id} reads ${name} as a ${type}, which it is not; change its type`);
    }
    const labels = new Set([...IDENTITY, 'le', ...exporters.flatMap(({ metric }) => Object.keys(metric.labels))]);
    const asked = [...(over.by ?? []), ...(over.where ?? []).map((matcher) => matcher.split(/[!=]/, 1)[0] ?? '')];
    const unknown = asked.find((label) => !labels.has(label));
    if (unknown !== undefined) {
      fail(
        `a dashboard of ${this.system.id} looks at the label ${unknown} of ${name}, which has none; add it to its labels`,
      );
    }
  }
}

function window({ window: named }: Over): string {
  return named ?? '$__rate_interval';
}

function sum({ by = [] }: Over, inner: string): string {
  return by.length === 0 ? `sum(${inner})` : `sum by (${by.join(', ')}) (${inner})`;
}
