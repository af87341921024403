import type { Deadline } from '../../deadline.ts';
import type { ProbeFailure } from '../../failure.ts';
import type { ProbeFacts } from '../../result.ts';
import type { Json } from './json-rpc.ts';
import type { Wire } from './wire.ts';

/** Seconds of a run, connecting apart. */
export type McpPhase = 'resolve' | 'connect' | 'tls' | 'discover' | 'initialize' | 'list' | 'call' | 'close';

/** What a dialogue needs of the run that it belongs to. */
export interface DialogueRun {
  wire: Wire;
  path: string;
  /** Of the credential, and of every request alike. */
  headers: Readonly<Record<string, string>>;
  deadline: Deadline;
  phases: Record<McpPhase, number>;
  facts: ProbeFacts;
  /** Protocol versions of its era that may be spoken, the preferred one first. */
  versions: readonly string[];
  /** A number that no other request of the run has. */
  nextId(): number;
}

/** What a server says of itself. */
export interface Identity {
  name: string;
  version: string;
  /** Whether it has tools at all. */
  hasTools: boolean;
}

/** The conversation with a server, in the protocol of one era. */
export interface Dialogue {
  readonly era: 'modern' | 'legacy';
  /** @throws NotThisEra, ProbeFailure */
  open(): Promise<Identity>;
  /**
   * The result of a request.
   * @throws ProbeFailure
   */
  request(phase: McpPhase, method: string, params: Json, headers?: Readonly<Record<string, string>>): Promise<Json>;
  /** Leaves nothing behind at the server, also after a failure. Bounded in time, never throws. */
  end(): Promise<void>;
}

/** The answer of a server that does not know the protocol of this era; it may know the other one. */
export class NotThisEra extends Error {
  readonly failure: ProbeFailure;

  constructor(failure: ProbeFailure) {
    super(failure.message);
    this.name = 'NotThisEra';
    this.failure = failure;
  }
}

/** Statuses that say something of the request or the load, nothing of the protocol: RFC 9110, 6585, 8470. */
const NO_VERDICT: ReadonlySet<number> = new Set([401, 403, 407, 408, 425, 429]);

/** Whether a status may come from a server that does not know the protocol: never one of authentication, load or failure. */
export function mayMeanOtherEra(status: number): boolean {
  return status >= 400 && status < 500 && !NO_VERDICT.has(status);
}

/** What both eras say of the client. */
export const CLIENT_INFO = { name: 'firedrill', version: '1' } as const;
