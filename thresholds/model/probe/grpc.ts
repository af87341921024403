import type { ProbeBase } from './base.ts';

export interface GrpcProbeSpec extends ProbeBase {
  kind: 'grpc';
  /** Service to ask after; empty for the server as a whole. */
  service: string;
}
