import type { Fault, FaultKind } from '../../thresholds/faults.ts';
import type { Service } from '../../thresholds/model.ts';
import type { Certificates } from './certificates.ts';
import type { Effects } from './effects.ts';
import { assertApplicable, effectsOf } from './faults/index.ts';
import { createFront } from './front.ts';
import type { Front } from './http/front.ts';
import { Listener } from './listener.ts';
import { ServiceState, type Surroundings } from './service-state.ts';

/** One service of the fleet: its port, its protocol, its state and the faults that are on. */
export class SimulatedService {
  readonly state: ServiceState;
  readonly #front: Front;
  readonly #encrypted: boolean;
  readonly #faults = new Map<FaultKind, Fault>();
  #failure: Error | null = null;
  readonly #ends = new Map<FaultKind, NodeJS.Timeout>();
  /** Faults switch one after the other: a port closes before it opens. */
  #switching: Promise<void> = Promise.resolve();

  constructor(service: Service, around: Surroundings, certificates: Certificates | null) {
    this.#encrypted = service.address.kind === 'fleet' && service.address.tls;
    const listener = new Listener(service.target, (socket) => this.#front.accept(socket));
    this.state = new ServiceState(service, around, listener);
    this.#front = createFront(this.state, this.#encrypted ? certificates : null);
  }

  /** Base URL, once it is open. */
  get url(): string {
    const scheme = this.state.service.kind === 'datastore' ? 'tcp' : this.#encrypted ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${this.state.listener.port}`;
  }

  async open(ports: 'free' | 'own'): Promise<void> {
    await this.state.listener.open(ports === 'own' ? (this.state.service.port ?? 0) : 0);
  }

  async inject(fault: Fault): Promise<void> {
    assertApplicable(this.state.service, fault);
    this.#forget(fault.kind);
    this.#faults.set(fault.kind, fault);
    if (fault.durationMs !== undefined) {
      const end = setTimeout(() => this.clear(fault.kind).catch((error) => this.#fail(error)), fault.durationMs);
      this.#ends.set(fault.kind, end.unref());
    }
    await this.#apply();
  }

  /** @throws Error when a fault that was to end by itself could not: the service is then not what it should be. */
  assertSound(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #fail(error: Error): void {
    this.#failure = error;
  }

  /** Ends one fault, or all of them. */
  async clear(kind?: FaultKind): Promise<void> {
    for (const each of kind === undefined ? [...this.#faults.keys()] : [kind]) this.#forget(each);
    await this.#apply();
  }

  async close(): Promise<void> {
    for (const kind of [...this.#faults.keys()]) this.#forget(kind);
    await this.#switching.catch(() => {});
    await this.state.listener.close();
  }

  #forget(kind: FaultKind): void {
    clearTimeout(this.#ends.get(kind));
    this.#ends.delete(kind);
    this.#faults.delete(kind);
  }

  #apply(): Promise<void> {
    const done = this.#switching.then(async () => {
      const effects = effectsOf(this.#faults.values());
      const before = this.state.effects;
      this.state.setEffects(effects);
      if (holds(before).some((held, index) => held && !holds(effects)[index])) this.state.listener.releaseHeld();
      this.#front.effectsChanged?.();
      await this.state.listener.setReach(effects.reach);
    });
    this.#switching = done.catch(() => {});
    return done;
  }
}

/** The ways in which faults keep clients waiting. */
function holds({ reach, scrape, stream }: Effects): boolean[] {
  return [reach === 'mute', scrape === 'mute', stream === 'stalled'];
}
