import { z } from 'zod';
import { duration, percent, positiveInteger, secret, strict } from './common.ts';
import { expectation } from './expect.ts';
import { endpointSim } from './sim.ts';

/** What is promised for an endpoint: percentiles and means of the time to the whole answer, and the share of good answers. */
export const objectives = strict({
  p50: duration.optional(),
  p90: duration.optional(),
  p95: duration.optional(),
  p99: duration.optional(),
  mean: duration.optional(),
  max: duration.optional(),
  success: percent.optional(),
}).meta({
  description: 'Promises. What is not named comes from the service, the system, then the card: p95 500ms, success 99%.',
});

const shared = {
  id: z.string().min(1).optional().meta({ description: 'Name of the row. Default: method and path, tool, or prompt.' }),
  weight: z
    .number()
    .positive()
    .optional()
    .meta({ description: "Share of the service's traffic, relative to its other endpoints. Default 1." }),
  timeout: duration.optional(),
  expect: expectation.optional(),
  objectives: objectives.optional(),
  sim: endpointSim.optional(),
};

/** An HTTP request. */
export const httpEndpoint = strict({
  ...shared,
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  path: z
    .string()
    .regex(/^\//, { error: 'must start with /' })
    .meta({ description: 'Path with parameters in braces: /api/profile/{user}' }),
  params: z
    .record(z.string(), z.array(z.union([z.string(), z.number()])).min(1))
    .optional()
    .meta({ description: 'Values for the parameters in braces; each request takes the next one.' }),
  query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional().meta({ description: 'Sent as JSON, or as it is if a string.' }),
});

/** A call of an MCP tool. */
export const toolEndpoint = strict({
  ...shared,
  tool: z.string().min(1),
  server: z.string().min(1).optional().meta({ description: 'Name of the server behind an OpenAPI proxy (mcpo).' }),
  arguments: z.record(z.string(), z.unknown()).optional(),
});

/** A completion by an LLM provider. */
export const completionEndpoint = strict({
  ...shared,
  prompt: z.string().min(1),
  maxTokens: positiveInteger.optional(),
});

/** Authentication for the requests to a service. */
export const auth = z
  .union([
    strict({ bearer: secret }),
    strict({ basic: strict({ username: z.string(), password: secret }) }),
    strict({ header: strict({ name: z.string(), value: secret }) }),
  ])
  .meta({ description: 'One of bearer, basic, header.' });
