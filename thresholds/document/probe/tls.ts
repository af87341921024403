import { z } from 'zod';
import { strict } from '../common.ts';
import { certificateExpectation } from './certificate.ts';
import { timing } from './timing.ts';

/** A TLS handshake. */
export const tlsProbe = strict({
  kind: z.literal('tls'),
  startTls: z
    .enum(['smtp', 'imap', 'postgres'])
    .optional()
    .meta({ description: 'The protocol in which to ask for TLS first. Default: TLS from the first byte.' }),
  serverName: z.string().min(1).optional().meta({ description: 'Name to ask for. Default: that of the address.' }),
  minVersion: z.enum(['1.2', '1.3']).optional().meta({ description: 'Lowest TLS version that is accepted.' }),
  certificate: certificateExpectation.optional(),
  export: z
    .array(z.enum(['certificate']))
    .optional()
    .meta({ description: 'certificate: subject, issuer and fingerprint as labels of probe_ssl_last_chain_info.' }),
  ...timing,
});
