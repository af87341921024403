import type { ProbeBase } from './base.ts';

export interface TcpProbeSpec extends ProbeBase {
  kind: 'tcp';
  /** Turns after the connection, in order; empty when the connection alone is the answer. */
  dialogue: readonly TcpTurn[];
  /** The port must refuse the connection. */
  mustRefuse: boolean;
}

/** What is sent, and then waited for; null for nothing. */
export interface TcpTurn {
  send: string | null;
  /** Source of a regular expression over what came since the turn before. */
  expectText: string | null;
}
