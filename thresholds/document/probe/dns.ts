import { z } from 'zod';
import { DNS_RCODES, DNS_TYPES } from '../../model/probe/dns.ts';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

/** A question to a name server. */
export const dnsProbe = strict({
  kind: z.literal('dns'),
  name: z.string().min(1).max(254).optional().meta({ description: "Default: the host of the service's address." }),
  type: z.enum(DNS_TYPES).optional().meta({ description: 'Default A.' }),
  server: z
    .string()
    .regex(/^([^\s:/]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?$/, { error: 'must be host, host:port or [address]:port' })
    .optional()
    .meta({
      description: "Default: the service itself if its address is dns://, else the system's first name server.",
    }),
  transport: z
    .enum(['udp', 'tcp'])
    .optional()
    .meta({ description: 'udp turns to tcp when the answer is truncated. Default udp.' }),
  recursion: z.boolean().optional().meta({ description: 'Default true.' }),
  expect: strict({
    rcode: z.enum(DNS_RCODES).optional().meta({ description: 'Default NOERROR.' }),
    minAnswers: z.int().nonnegative().optional().meta({ description: 'Default 1 for NOERROR, else 0.' }),
    answers: z.array(z.string()).optional().meta({
      description: 'Regular expressions; each must match an answer, written as in a zone file: "10 mail.shop.test".',
    }),
    noAnswers: z.array(z.string()).optional().meta({ description: 'Regular expressions that no answer may match.' }),
  }).optional(),
  ...timing,
});
