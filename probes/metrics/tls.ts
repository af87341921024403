import { PROBE_METRIC } from '../../thresholds/names.ts';
import type { InfoDef } from './info.ts';
import { type Family, gauge } from './series.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

/** For kinds that see a certificate. A run that saw none does not change what is known of it. */
export const certificateVerified = gauge(
  family(PROBE_METRIC.sslVerified, 'Whether the certificate of the last handshake verified, asked for or not.'),
  ({ result: { facts } }) => (facts.certificateVerified === undefined ? undefined : Number(facts.certificateVerified)),
);

export const chainExpiry = gauge(
  family(
    PROBE_METRIC.sslLastChainExpiryTimestampSeconds,
    'Unix time at which the first certificate of the last chain that verified expires.',
  ),
  ({ result }) => result.facts.chainExpirySeconds,
);

export const tlsVersionInfo: InfoDef = {
  family: family(PROBE_METRIC.tlsVersionInfo, 'TLS version of the last handshake.'),
  labels: ['version'],
  // As blackbox_exporter writes it.
  read: ({ result: { facts } }) =>
    facts.tlsVersion === undefined ? undefined : [facts.tlsVersion.replace('TLSv', 'TLS ')],
};

export const tlsCipherInfo: InfoDef = {
  family: family(PROBE_METRIC.tlsCipherInfo, 'Cipher suite of the last handshake.'),
  labels: ['cipher'],
  read: ({ result: { facts } }) => (facts.tlsCipher === undefined ? undefined : [facts.tlsCipher]),
};

export const chainInfo: InfoDef = {
  family: family(PROBE_METRIC.sslLastChainInfo, 'The certificate of the last handshake.'),
  labels: ['fingerprint_sha256', 'subject', 'issuer', 'subjectalternative', 'serialnumber'],
  read: ({ result: { facts } }) => {
    const { certificate } = facts;
    if (certificate === undefined) return undefined;
    const { fingerprintSha256, subject, issuer, subjectAlternative, serialNumber } = certificate;
    return [fingerprintSha256, subject, issuer, subjectAlternative, serialNumber];
  },
};
