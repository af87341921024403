import type { Fault, FaultKind } from '../../thresholds/faults.ts';
import type { AddressBook, Catalogue } from '../../thresholds/model.ts';
import type { ServiceStats } from './service-state.ts';

export interface FleetOptions {
  /** Its services with the address `fleet:` are simulated, the others are left alone. */
  catalogue: Catalogue;
  /** `own`: the ports that the catalogue names, for one system at a time, since systems share some. */
  ports: 'free' | 'own';
  /** Makes latencies and draws repeatable. */
  seed?: number;
  /** Folder for the certificate of the authority that signs the encrypted services; needed only when there are any. */
  certificateDir?: string;
}

/** What the fleet has done since it started. */
export interface FleetStats {
  /** By target, `<system>/<service>`. */
  services: Record<string, ServiceStats>;
  /** Requests that the fleet sent to itself, and those of them with an unexpected answer. */
  background: { requests: number; errors: number; lastError: string | null };
  /** Processor time of the process that the fleet runs in, since that started, user and system. */
  cpuSeconds: number;
}

/** Simulated services on loopback, in this process or in one of their own. */
export interface Fleet {
  /** Base URL of each simulated target. */
  readonly addresses: AddressBook;
  /** File with the PEM certificate that clients of encrypted services have to trust; null when there are none. */
  readonly caFile: string | null;
  /**
   * Switches a fault on, instead of one of the same kind at the same service. Resolves when it is in force.
   * @throws HarnessError when the service cannot have it.
   */
  inject(system: string, fault: Fault): Promise<void>;
  /** Switches faults off: one kind at a service, all of a service, or all of a system. */
  clear(system: string, service?: string, kind?: FaultKind): Promise<void>;
  /** Sends light traffic to all endpoints, by their weights, from within the fleet; replaces traffic that runs already. */
  startBackground(options?: BackgroundOptions): Promise<void>;
  /** Resolves when the requests under way have been answered. */
  stopBackground(): Promise<void>;
  stats(): Promise<FleetStats>;
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  /** To each service; those of language models, and endpoints that call one, get an eighth. Default 4. */
  requestsPerSecond?: number;
  /** Other rates for single services, by target; all of their endpoints then get their full weight. */
  services?: Readonly<Record<string, number>>;
}
