import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { ProbeReason } from '../../result.ts';

/** Error codes of PostgreSQL, "Appendix A", that mean something else than that a query failed. */
const REASON_BY_STATE: Readonly<Record<string, ProbeReason>> = {
  // query_canceled: by our statement_timeout.
  '57014': 'timeout',
  // admin_shutdown, crash_shutdown, cannot_connect_now (starting up, shutting down, in recovery).
  '57P01': 'not-ready',
  '57P02': 'not-ready',
  '57P03': 'not-ready',
  // syntax_error: the catalogue's query is wrong, whatever the server does.
  '42601': 'misconfigured',
};

/** Sorts an error of the client into the closed set of reasons. */
export function postgresFailure(error: unknown): ProbeFailure {
  if (error instanceof ProbeFailure || !(error instanceof Error)) return toProbeFailure(error);
  const { code = '', message } = error as Error & { code?: string };
  if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code)) {
    return new ProbeFailure(reasonOf(code), `${message} (SQLSTATE ${code})`, { cause: error });
  }
  if (code !== '') return toProbeFailure(error);
  if (/^SASL|SCRAM/.test(message)) return new ProbeFailure('auth', message, { cause: error });
  if (message.startsWith('Connection terminated')) {
    return new ProbeFailure('reset', 'the server ended the connection', { cause: error });
  }
  return new ProbeFailure('protocol', message, { cause: error });
}

function reasonOf(state: string): ProbeReason {
  // Class 28: invalid authorization; class 53: insufficient resources, too_many_connections among them.
  if (state.startsWith('28')) return 'auth';
  if (state.startsWith('53')) return 'saturated';
  return REASON_BY_STATE[state] ?? 'query';
}
