import type { Endpoint, TlsOptions } from './connect.ts';
import type { ProbeContext } from './context.ts';
import { ProbeFailure } from './failure.ts';
import type { ProbeTarget } from './target.ts';

/** Host and port of an address, an IPv6 address without its brackets. */
export function hostAndPort(url: URL, defaultPort: number): Pick<Endpoint, 'hostname' | 'port'> {
  return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || defaultPort };
}

/**
 * How the connections of a target are encrypted and verified: as the catalogue says.
 * @throws ProbeFailure `misconfigured` when the file of certificates cannot be read.
 */
export function tlsOptions({ readCa }: Pick<ProbeContext, 'readCa'>, { tls }: Pick<ProbeTarget, 'tls'>): TlsOptions {
  if (tls.caFile === null) return { ca: null, insecure: tls.insecure };
  try {
    return { ca: readCa(tls.caFile), insecure: tls.insecure };
  } catch (error) {
    throw new ProbeFailure('misconfigured', `cannot read the CA file ${tls.caFile}`, { cause: error });
  }
}
