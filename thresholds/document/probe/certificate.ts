import { z } from 'zod';
import { duration, strict } from '../common.ts';

/** What a certificate must be beside verified. */
export const certificateExpectation = strict({
  validFor: duration.optional().meta({ description: 'The certificate must not expire sooner than this: 14d.' }),
  issuer: z
    .string()
    .optional()
    .meta({ description: "Regular expression that the issuer must match: O=Let's Encrypt, CN=..." }),
  subject: z.string().optional().meta({ description: 'Regular expression that the subject must match.' }),
});
