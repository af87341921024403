import type { ProbeBase } from './base.ts';

export interface TcpProbeSpec extends ProbeBase {
  kind: 'tcp';
  send: string | null;
  expectText: string | null;
}
