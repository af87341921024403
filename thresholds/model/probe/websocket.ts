import type { ProbeBase } from './base.ts';

export interface WebsocketProbeSpec extends ProbeBase {
  kind: 'websocket';
  /** Path and query of the upgrade request. */
  path: string;
  headers: Record<string, string>;
  /** Offered and demanded; null for none. */
  subprotocol: string | null;
  /** Text message sent after the upgrade; null for none. */
  send: string | null;
  /** Source of a regular expression that one of the text messages must match; null to wait for none. */
  expectText: string | null;
  /** A ping must be answered. */
  ping: boolean;
}
