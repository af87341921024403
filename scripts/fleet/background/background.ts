import { Agent } from 'undici';
import { findMismatch } from '../../../thresholds/expectation.ts';
import type { Endpoint } from '../../../thresholds/model.ts';
import type { BackgroundOptions, FleetStats } from '../fleet-types.ts';
import type { Random } from '../random.ts';
import type { SimulatedService } from '../simulated-service.ts';
import { type Sent, sendTo } from './send.ts';

/** Requests a second to each service where none are asked for. */
const DEFAULT_RATE = 4;

/** Endpoints that make a language model work get this share of their weight: each of their requests holds several connections. */
const COSTLY_SHARE = 1 / 8;

type Chances = { endpoint: Endpoint; upTo: number }[];

interface Target {
  service: SimulatedService;
  /** Costly endpoints get a share of their weight. */
  light: Chances;
  /** By their weights alone. */
  full: Chances;
  /** Of the rate that was asked for. */
  rateShare: number;
}

/** Light traffic from within the fleet, so that metrics move while nobody else sends anything. */
export class Background {
  readonly stats: FleetStats['background'] = { requests: 0, errors: 0, lastError: null };
  readonly #targets: Target[];
  readonly #random: Random;
  readonly #ca: string | null;
  readonly #pending = new Set<Promise<void>>();
  #timers: NodeJS.Timeout[] = [];
  #agent: Agent | null = null;

  constructor(services: readonly SimulatedService[], ca: string | null, random: Random) {
    this.#targets = services.flatMap((service) => toTarget(service));
    this.#ca = ca;
    this.#random = random;
  }

  async start({ requestsPerSecond = DEFAULT_RATE, services = {} }: BackgroundOptions = {}): Promise<void> {
    await this.stop();
    const agent = new Agent({ keepAliveTimeout: 30_000, ...(this.#ca === null ? {} : { connect: { ca: this.#ca } }) });
    this.#agent = agent;
    for (const target of this.#targets) {
      const ownRate = services[target.service.state.service.target];
      const periodMs = 1_000 / (ownRate ?? requestsPerSecond * target.rateShare);
      const endpoints = ownRate === undefined ? target.light : target.full;
      const send = () => this.#track(this.#send(target.service, endpoints, agent));
      // Spread, so that the services are not asked all at the same moment.
      const first = setTimeout(() => {
        send();
        this.#timers.push(setInterval(send, periodMs));
      }, this.#random() * periodMs);
      this.#timers.push(first);
    }
  }

  /** Resolves when the requests under way have been answered. */
  async stop(): Promise<void> {
    const agent = this.#quit();
    // A call of a tool is several requests: the connections must last until its end.
    await Promise.all(this.#pending);
    await agent?.close();
  }

  /** Stops without waiting for answers. */
  async abort(): Promise<void> {
    await this.#quit()?.destroy();
  }

  #quit(): Agent | null {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    const agent = this.#agent;
    this.#agent = null;
    return agent;
  }

  #track(sending: Promise<void>): void {
    this.#pending.add(sending);
    void sending.finally(() => this.#pending.delete(sending));
  }

  async #send(service: SimulatedService, endpoints: Chances, agent: Agent): Promise<void> {
    const position = this.#random();
    const chosen = endpoints.find(({ upTo }) => position < upTo) ?? endpoints.at(-1);
    if (chosen === undefined) return;
    const { endpoint } = chosen;
    const problem = await sendTo(service, endpoint, agent, this.#random).then(
      (sent) => judge(endpoint, sent),
      (error: Error) => error.message,
    );
    this.stats.requests += 1;
    if (problem === undefined) return;
    this.stats.errors += 1;
    this.stats.lastError = `${service.state.service.target} ${endpoint.id}: ${problem}`;
  }
}

function judge(endpoint: Endpoint, { status, text, headers }: Sent): string | undefined {
  const header = (name: string) => headers[name];
  return findMismatch(endpoint.expect, { status, text, header })?.detail;
}

function toTarget(service: SimulatedService): Target[] {
  const { endpoints } = service.state;
  if (endpoints.length === 0) return [];
  const light = chances(endpoints, ({ weight, sim }) => weight * (sim.calls.length > 0 ? COSTLY_SHARE : 1));
  const full = chances(endpoints, ({ weight }) => weight);
  return [{ service, light, full, rateShare: service.state.service.kind === 'llm' ? COSTLY_SHARE : 1 }];
}

function chances(endpoints: readonly { endpoint: Endpoint }[], weightOf: (endpoint: Endpoint) => number): Chances {
  const total = endpoints.reduce((sum, { endpoint }) => sum + weightOf(endpoint), 0);
  let upTo = 0;
  return endpoints.map(({ endpoint }) => {
    upTo += weightOf(endpoint) / total;
    return { endpoint, upTo };
  });
}
