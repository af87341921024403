import type { ProbeBase } from './base.ts';

/** What a certificate must be beside verified. */
export interface CertificateExpectation {
  /** It must not expire sooner than this from now; null for no limit. */
  validForMs: number | null;
  /** Sources of regular expressions on the issuer and the subject, such as `CN=...`; null for any. */
  issuer: string | null;
  subject: string | null;
}

/** Series about a TLS connection that are there only when asked for: each costs series, or carries text of the peer's choice. */
export type TlsExport = 'tls' | 'certificate';

export interface TlsProbeSpec extends ProbeBase {
  kind: 'tls';
  /** How the plain connection is turned to TLS; null for TLS from the first byte. */
  startTls: StartTls | null;
  /** Name to ask for and to verify; null for that of the address. */
  serverName: string | null;
  /** Lowest version that is accepted; null for any that Node accepts. */
  minVersion: TlsVersion | null;
  certificate: CertificateExpectation;
  /** Whether `probe_ssl_last_chain_info` is exported. */
  exports: readonly 'certificate'[];
}

export type StartTls = 'smtp' | 'imap' | 'postgres';

export type TlsVersion = '1.2' | '1.3';
