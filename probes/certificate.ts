import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { CertificateExpectation } from '../thresholds/model.ts';
import { ProbeFailure } from './failure.ts';
import type { ProbeFacts, ProbeReason } from './result.ts';

/** The certificate that the peer showed, as text for people and for the labels of an info series. */
export interface CertificateText {
  /** Hexadecimal digits in lower case. */
  fingerprintSha256: string;
  /** As openssl and blackbox_exporter write it: `CN=example.org,O=Example`. */
  subject: string;
  issuer: string;
  /** Names separated by commas. */
  subjectAlternative: string;
  /** Hexadecimal digits in lower case. */
  serialNumber: string;
}

/** Reasons of Node's verification that say more than "not trusted". */
const VERIFICATION: Readonly<Record<string, { reason: ProbeReason; says: string }>> = {
  CERT_HAS_EXPIRED: { reason: 'certificate-expired', says: 'a certificate of the chain has expired' },
  CERT_NOT_YET_VALID: { reason: 'certificate-not-yet-valid', says: 'certificate is not valid yet' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { reason: 'certificate-self-signed', says: 'certificate is signed by itself' },
  ERR_TLS_CERT_ALTNAME_INVALID: { reason: 'certificate-name', says: 'certificate is for another name' },
};

/**
 * Notes what the handshake showed, verified or not.
 * @param describe also the texts of the certificate, which cost memory for each result kept.
 */
export function noteCertificate(secure: TLSSocket, facts: ProbeFacts, describe: boolean): void {
  const leaf = secure.getPeerCertificate(true);
  const expiry = earliestExpirySeconds(leaf);
  facts.certificateVerified = secure.authorized;
  if (expiry !== undefined) {
    facts.certificateExpirySeconds = expiry;
    if (secure.authorized) facts.chainExpirySeconds = expiry;
  }
  facts.tlsVersion = secure.getProtocol() ?? '';
  facts.tlsCipher = secure.getCipher()?.standardName ?? '';
  if (describe && expiry !== undefined) facts.certificate = describeCertificate(leaf);
}

/**
 * Refuses a certificate that did not verify.
 * @throws ProbeFailure with the reason, after `noteCertificate`.
 */
export function requireVerified(
  secure: TLSSocket,
  { certificateExpirySeconds: expiry }: ProbeFacts,
  hostname: string,
  nowMs: number,
): void {
  if (secure.authorized) return;
  // An expired certificate that is also self-signed verifies with the other error: the date decides.
  if (expiry !== undefined && expiry * 1_000 < nowMs) {
    throw new ProbeFailure('certificate-expired', `certificate expired on ${new Date(expiry * 1_000).toISOString()}`);
  }
  const problem = secure.authorizationError as Error | string;
  const code = (problem as { code?: string }).code ?? String(problem);
  const known = VERIFICATION[code];
  if (known === undefined) throw new ProbeFailure('certificate-untrusted', `certificate not trusted (${code})`);
  const wanted = known.reason === 'certificate-name' ? `, not ${hostname}` : '';
  throw new ProbeFailure(known.reason, `${known.says}${wanted}`);
}

/** What is wrong with a certificate that verified, or undefined. `facts` hold its texts where a pattern asks for them. */
export function certificateMismatch(
  { validForMs, issuer, subject }: CertificateExpectation,
  { certificateExpirySeconds: expiry, certificate }: ProbeFacts,
  nowMs: number,
): ProbeFailure | undefined {
  if (validForMs !== null && expiry !== undefined && expiry * 1_000 - nowMs < validForMs) {
    const days = (ms: number) => Number((ms / 86_400_000).toFixed(1));
    const left = `certificate expires in ${days(expiry * 1_000 - nowMs)} days, ${days(validForMs)} are promised`;
    return new ProbeFailure('certificate-expiring', left);
  }
  for (const [name, pattern] of [['issuer', issuer] as const, ['subject', subject] as const]) {
    const seen = certificate?.[name] ?? '';
    if (pattern !== null && !new RegExp(pattern).test(seen)) {
      return new ProbeFailure('certificate-mismatch', `${name} of the certificate is ${seen}, expected /${pattern}/`);
    }
  }
  return undefined;
}

/** Unix seconds at which the first certificate of the peer's chain expires; undefined without a certificate. */
function earliestExpirySeconds(leaf: DetailedPeerCertificate): number | undefined {
  let earliest: number | undefined;
  let certificate: DetailedPeerCertificate | undefined = leaf;
  const seen = new Set<DetailedPeerCertificate>();
  // The root names itself as issuer.
  while (certificate !== undefined && !seen.has(certificate)) {
    seen.add(certificate);
    const expiry = Date.parse(certificate.valid_to) / 1_000;
    if (!Number.isNaN(expiry)) earliest = Math.min(earliest ?? expiry, expiry);
    certificate = certificate.issuerCertificate;
  }
  return earliest;
}

function describeCertificate(leaf: DetailedPeerCertificate): CertificateText {
  return {
    fingerprintSha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: nameText(leaf.subject),
    issuer: nameText(leaf.issuer),
    subjectAlternative: (leaf.subjectaltname ?? '')
      .replaceAll(/(?:DNS|IP Address|URI|email):/g, '')
      .replaceAll(', ', ','),
    serialNumber: leaf.serialNumber.toLowerCase(),
  };
}

function nameText(name: DetailedPeerCertificate['subject']): string {
  return Object.entries(name)
    .map(([key, value]) => `${key}=${[value].flat().join('+')}`)
    .join(',');
}
