import { z } from 'zod';
import { duration, positiveInteger, strict } from '../common.ts';
import { expectation } from '../expect.ts';
import { timing } from './timing.ts';

const budget = strict({
  tokensPerDay: positiveInteger.meta({ description: 'Most tokens, in and out, in one day (UTC).' }),
  usdPerDay: z.number().positive().optional().meta({ description: 'Most dollars in one day (UTC); needs prices.' }),
}).meta({ description: 'A look that might exceed it does not take place: the probe is then unknown, not failed.' });

const prices = strict({ input: z.number().nonnegative(), output: z.number().nonnegative() });

const every = duration
  .optional()
  .meta({ description: 'Time between two paid looks while all is well. Default 15m; sooner after a failure.' });

const generation = strict({
  every,
  timeout: duration.optional().meta({ description: 'For the whole reply. Default 30s.' }),
  prompt: z.string().min(1).optional(),
  maxTokens: positiveInteger.optional().meta({ description: 'At least 16: some providers take no less. Default 32.' }),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Further fields of the request, such as a switch that turns reasoning off.' }),
  expectText: z.string().optional().meta({ description: 'Regular expression that the reply must match.' }),
  expectModel: z.string().optional().meta({
    description: 'Regular expression that the model in the answer must match. Default: it starts as the one asked for.',
  }),
  firstTokenWithin: duration.optional(),
  gapWithin: duration.optional().meta({ description: 'Longest silence between two tokens. Default 10s.' }),
  histograms: z
    .boolean()
    .optional()
    .meta({ description: "Exports OpenTelemetry's four histograms at 8 buckets each: some 45 series more." }),
  budget,
}).meta({
  description: 'A streamed completion on a slow schedule: a target of its own, <system>/<service>/generation.',
});

const route = strict({
  every,
  timeout: duration.optional().meta({ description: 'For the whole answer. Default 30s.' }),
  method: z.enum(['GET', 'POST']).optional(),
  path: z.string().regex(/^\//, { error: 'must start with /' }),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional().meta({ description: 'Sent as JSON, or as it is if a string.' }),
  expect: expectation.optional(),
  answeredBy: z
    .union([strict({ json: z.string().regex(/^\$(?:\.[A-Za-z0-9_-]+|\[\d+\])*$/) }), strict({ header: z.string() })], {
      error: 'must be {json: $.path} or {header: name}',
    })
    .meta({ description: 'Where the answer names the provider or model that gave it.' }),
  providers: z
    .record(z.string(), z.string())
    .meta({ description: 'Providers that may answer, and the regular expression of how the answer names each.' }),
  expectProvider: z.string().meta({ description: 'The one of them that must have answered.' }),
  tokens: positiveInteger.optional().meta({ description: 'Tokens that one answer may use. Default 1000.' }),
  usdPerMillionTokens: prices.optional(),
  budget,
}).meta({ description: "An application's own route with its first provider made to fail: the fallback must answer." });

/** A language model: what is free each interval, what costs money rarely and within a budget. */
export const llmProbe = strict({
  kind: z.literal('llm'),
  provider: z
    .string()
    .regex(/^[a-z0-9._-]+$/, { error: 'must be lower-case letters, digits, dots, dashes and underscores' })
    .optional()
    .meta({ description: 'Name in gen_ai_provider_name. Default gcp.gemini, or the name of the service.' }),
  path: z
    .string()
    .regex(/^\//, { error: 'must start with /' })
    .optional()
    .meta({ description: 'What is asked each interval, free of charge. Default <basePath>/models.' }),
  expect: expectation.optional(),
  generation: generation.optional(),
  route: route.optional(),
  ...timing,
});
