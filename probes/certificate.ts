import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** Unix seconds at which the first certificate of the peer's chain expires, verified or not; undefined without a certificate. */
export function earliestExpirySeconds(socket: TLSSocket): number | undefined {
  let earliest: number | undefined;
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
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
