import { Registry } from 'prom-client';
import type { FaultKind } from '../../../thresholds/faults.ts';
import type { Metric } from '../../../thresholds/model.ts';
import type { Effects } from '../effects.ts';
import { createInstrument, type Instrument } from './instruments.ts';
import type { Event } from './labels.ts';
import { type RequestMover, type RequestSim, requestMover } from './requests.ts';
import { announceAll, level, type StandingMetric, type Surroundings, ticking } from './standing.ts';

/** An endpoint as far as metrics are concerned. */
export interface MeasuredEndpoint {
  id: string;
  /** Every event that can occur there, durations zero: what these would move is exported from the start. */
  possible: Event[];
}

interface Movement {
  mover: RequestMover;
  /** Index of the shared draw; -1 for a random number of its own. */
  draw: number;
  byProvider: boolean;
}

/** All metrics of one service, with a registry of their own. */
export class MetricSet {
  readonly #registry = new Registry();
  readonly #movements = new Map<string, Movement[]>();
  readonly #movers: RequestMover[] = [];
  readonly #standing: StandingMetric[] = [];
  readonly #draws: number[] = [];
  readonly #around: Surroundings;
  readonly #now: () => number;

  constructor(
    metrics: readonly Metric[],
    endpoints: readonly MeasuredEndpoint[],
    now: () => number,
    around: Surroundings,
  ) {
    this.#around = around;
    this.#now = now;
    const draws = [...new Set(metrics.flatMap(({ sim }) => (sim?.kind === 'requests' && sim.draw ? [sim.draw] : [])))];
    this.#draws = draws.map(() => 0);
    for (const { id } of endpoints) this.#movements.set(id, []);
    for (const family of Map.groupBy(metrics, ({ name }) => name).values()) {
      const instrument = createInstrument(family as [Metric, ...Metric[]], this.#registry);
      for (const metric of family) this.#add(metric, instrument, endpoints, draws);
    }
  }

  static readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  /** Counts one handled request: the event itself, then the calls of providers within it. */
  record(event: Event, calls: readonly Event[] = []): void {
    const movements = this.#movements.get(event.endpoint);
    if (movements === undefined) return;
    const { random } = this.#around;
    for (let index = 0; index < this.#draws.length; index++) this.#draws[index] = random();
    for (const { mover, draw, byProvider } of movements) {
      const position = draw === -1 ? random() : (this.#draws[draw] ?? 0);
      if (!byProvider) mover.move(event, position);
      else for (const call of calls) mover.move(call, position);
    }
  }

  setFaults(kinds: readonly FaultKind[]): void {
    this.#update();
    for (const part of [...this.#movers, ...this.#standing]) part.setFaults(kinds);
  }

  /** The page that Prometheus scrapes, in the text format. */
  async page(hidden: Effects['hiddenMetrics'] = 'none'): Promise<string> {
    if (hidden === 'all') return '';
    this.#update();
    if (hidden === 'none') return await this.#registry.metrics();
    const shown = this.#registry.getMetricsAsArray().filter(({ name }) => !hidden.has(name));
    const parts = await Promise.all(shown.map(({ name }) => this.#registry.getSingleMetricAsString(name)));
    return parts.map((part) => `${part}\n`).join('\n');
  }

  #update(): void {
    const now = this.#now();
    for (const standing of this.#standing) standing.update(now);
  }

  #add(metric: Metric, instrument: Instrument, endpoints: readonly MeasuredEndpoint[], draws: readonly string[]): void {
    const { sim } = metric;
    if (metric.type === 'histogram' && (sim?.kind === 'level' || (sim?.kind === 'ticking' && sim.observe === null))) {
      throw new Error(`metric ${metric.name} is a histogram: it needs a distribution to observe`);
    }
    if (sim === null) announceAll(metric, instrument);
    else if (sim.kind === 'level') this.#standing.push(level(metric, sim, instrument, this.#around));
    else if (sim.kind === 'ticking') this.#standing.push(ticking(metric, sim, instrument, this.#around));
    else this.#addMovement(metric, sim, instrument, endpoints, draws);
  }

  #addMovement(
    metric: Metric,
    sim: RequestSim,
    instrument: Instrument,
    endpoints: readonly MeasuredEndpoint[],
    draws: readonly string[],
  ): void {
    const mover = requestMover(metric, sim, instrument, this.#around.random);
    this.#movers.push(mover);
    const byProvider = Object.values(metric.labels).includes('$provider');
    const draw = sim.draw === null ? -1 : draws.indexOf(sim.draw);
    if (!endpoints.some(({ id }) => sim.on === 'requests' || sim.on.includes(id))) {
      throw new Error(`metric ${metric.name} moves on requests, but the service has no such endpoint`);
    }
    for (const { id, possible } of endpoints) {
      if (sim.on !== 'requests' && !sim.on.includes(id)) continue;
      this.#movements.get(id)?.push({ mover, draw, byProvider });
      for (const event of possible) if ((event.provider !== '') === byProvider) mover.announce(event);
    }
  }
}
