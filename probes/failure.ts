import type { ProbeReason } from './result.ts';

/** Ends a run early: a reason of the closed set, and what was seen, for people. */
export class ProbeFailure extends Error {
  readonly reason: ProbeReason;

  constructor(reason: ProbeReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ProbeFailure';
    this.reason = reason;
  }
}

const REASON_BY_CODE: Readonly<Record<string, ProbeReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  // Out of descriptors, ports or buffers: the prober's own limits, whatever the target does.
  EMFILE: 'own-resources',
  ENFILE: 'own-resources',
  EADDRNOTAVAIL: 'own-resources',
  ENOBUFS: 'own-resources',
  ENOMEM: 'own-resources',
  // What the catalogue asks to be sent cannot be sent.
  ERR_INVALID_CHAR: 'misconfigured',
  ERR_INVALID_HTTP_TOKEN: 'misconfigured',
  ERR_UNESCAPED_CHARACTERS: 'misconfigured',
};

/**
 * Sorts an error of Node's sockets, resolver, TLS or HTTP parser into the closed set of reasons. What none of them throws is our own
 * mistake (`internal`), never blamed on the target.
 */
export function toProbeFailure(error: unknown): ProbeFailure {
  if (error instanceof ProbeFailure) return error;
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  return new ProbeFailure(reasonOf(code), code !== '' && !message.includes(code) ? `${message} (${code})` : message, {
    cause: error,
  });
}

function reasonOf(code: string): ProbeReason {
  const known = REASON_BY_CODE[code];
  if (known !== undefined) return known;
  if (code.startsWith('EAI_')) return 'dns';
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') return 'tls';
  // HPE_*: Node's HTTP parser. E*: any further system error of the connection.
  if (/^(HPE_|ERR_HTTP_|ERR_STREAM_|E[A-Z]+$)/.test(code)) return 'protocol';
  return 'internal';
}
