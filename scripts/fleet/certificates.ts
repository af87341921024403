import { generate } from 'selfsigned';

/** Key and certificate chain, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** What the encrypted services of one fleet show, all signed by one authority that lives as long as the fleet. */
export interface Certificates {
  /** PEM of the authority that clients have to trust. */
  readonly ca: string;
  readonly valid: KeyPair;
  /** Its validity ended yesterday. */
  readonly expired: KeyPair;
}

const DAY_MS = 86_400_000;

/** Makes an authority and two certificates for localhost and 127.0.0.1. */
export async function createCertificates(nowMs: number): Promise<Certificates> {
  const authority = await generate([{ name: 'commonName', value: 'firedrill fleet' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...validity(nowMs, -DAY_MS * 60, DAY_MS * 30),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const [valid, expired] = await Promise.all([
    issue(ca, validity(nowMs, -DAY_MS, DAY_MS * 30)),
    issue(ca, validity(nowMs, -DAY_MS * 31, -DAY_MS)),
  ]);
  return { ca: authority.cert, valid, expired };
}

async function issue(ca: KeyPair, between: ReturnType<typeof validity>): Promise<KeyPair> {
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...between,
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: leaf.private, cert: leaf.cert };
}

function validity(nowMs: number, fromMs: number, toMs: number) {
  return { notBeforeDate: new Date(nowMs + fromMs), notAfterDate: new Date(nowMs + toMs) };
}
