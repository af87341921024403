import type { RunSample } from '../../../probes/metrics/series.ts';
import type { McpFacts, ProbeFacts, ProbeResult } from '../../../probes/result.ts';

/** What a handshake shows. */
export const CERTIFICATE: ProbeFacts = {
  certificateExpirySeconds: 1_800_000_000,
  chainExpirySeconds: 1_800_000_000,
  certificateVerified: true,
  tlsVersion: 'TLSv1.3',
  tlsCipher: 'TLS_AES_256_GCM_SHA384',
  certificate: {
    fingerprintSha256: '5f'.repeat(32),
    subject: 'CN=cart.test',
    issuer: 'CN=Test CA,O=Firedrill',
    subjectAlternative: 'cart.test,www.cart.test',
    serialNumber: '0a1b',
  },
};

/** What an MCP server shows. */
export const MCP: McpFacts = {
  era: 'legacy',
  version: '2025-11-25',
  tools: 3,
  missing: 0,
  changed: false,
  level: 3,
  session: 'ended',
};

/** What datastores, name servers, gRPC servers, a Prometheus and senders of heartbeats show. */
export const SERVICES: ProbeFacts = {
  rows: 2,
  dns: { answers: 2, authorities: 1, additionals: 1, serial: 2_026_112_001 },
  grpc: { status: 0, serving: 'SERVING' },
  prometheus: {
    warnings: [],
    series: 3,
    value: 4.5,
    targets: { up: 3, down: 0, unknown: 0 },
    rules: { ok: 7, err: 0, unknown: 0 },
  },
  heartbeat: { limitSeconds: 65, lastTimestampSeconds: 1_699_999_990, durationSeconds: 12 },
};

/** A run that ended at a fixed time; results are given as changes to a success of 30 ms. */
export function runSample(change: Partial<ProbeResult> = {}): RunSample {
  return {
    endedAtSeconds: 1_700_000_000.5,
    timeoutSeconds: 1,
    state: 1,
    maintenance: false,
    counts: true,
    result: {
      outcome: 'success',
      reason: 'none',
      detail: '',
      durationSeconds: 0.03,
      degraded: false,
      phases: { resolve: 0.001, connect: 0.002, tls: 0.003, processing: 0.02, transfer: 0.003, other: 0.001 },
      facts: {
        ipProtocol: 4,
        status: 200,
        httpVersion: 1.1,
        contentLength: 15,
        redirects: 0,
        tls: true,
        ...CERTIFICATE,
        mcp: MCP,
        ...SERVICES,
        ipAddress: '127.0.0.1',
        uncompressedBodyLength: 40,
        lastModifiedSeconds: 1_699_000_000,
        stepsCompleted: 2,
        upgraded: true,
      },
      ...change,
    },
  };
}

export const FAILED: Partial<ProbeResult> = {
  outcome: 'failure',
  reason: 'refused',
  detail: 'connect ECONNREFUSED',
  durationSeconds: 0.001,
  phases: { resolve: 0, connect: 0.001, tls: 0, processing: 0, transfer: 0, other: 0 },
  facts: { ipProtocol: 4, redirects: 0 },
};

export const UNKNOWN: Partial<ProbeResult> = { ...FAILED, outcome: 'unknown', reason: 'lagging' };
