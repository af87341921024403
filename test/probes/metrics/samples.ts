import type { RunSample } from '../../../probes/metrics/series.ts';
import type { ProbeResult } from '../../../probes/result.ts';

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
        certificateExpirySeconds: 1_800_000_000,
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
