import { z } from 'zod';
import { identifier, strict } from '../common.ts';
import { expectation, jsonPath } from '../expect.ts';
import { certificateExpectation } from './certificate.ts';
import { timing } from './timing.ts';

const request = {
  method: z
    .string()
    .regex(/^[A-Z]+$/, { error: 'must be an HTTP method in capitals, such as GET' })
    .refine((method) => method !== 'CONNECT', { error: 'CONNECT asks for a tunnel: use a tcp or tls probe' })
    .optional(),
  path: z.string().regex(/^\//, { error: 'must start with /' }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  expect: expectation.optional(),
};

const extraction = z.union(
  [strict({ json: jsonPath }), strict({ text: z.string() }), strict({ header: z.string().min(1) })],
  { error: 'must be {json: $.path}, {text: PATTERN} or {header: NAME}' },
);

/** One of several requests. */
const step = strict({
  name: identifier.optional().meta({ description: 'For messages. Default: method and path.' }),
  ...request,
  extract: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be a name such as token' }), extraction)
    .optional()
    .meta({
      description:
        'Values for the steps after it, used there as {{name}}: from a JSON path, the first group of a pattern, or a header.',
    }),
});

/** An HTTP request, or several. */
export const httpProbe = strict({
  kind: z.literal('http'),
  ...request,
  steps: z.array(step).min(1).max(20).optional().meta({
    description:
      'Several requests in place of one, in order; cookies are carried along. The first failure ends the run.',
  }),
  mustRefuse: z.boolean().optional().meta({ description: 'The port must refuse the connection.' }),
  certificate: certificateExpectation.optional(),
  export: z
    .array(z.enum(['phase-histograms', 'tls', 'certificate', 'answer', 'address']))
    .optional()
    .meta({
      description:
        'Further series: a histogram for each phase (48), TLS version and cipher (2), the certificate chain (2), redirects, sizes and age of the answer (4), a hash of the address (1).',
    }),
  ...timing,
});
