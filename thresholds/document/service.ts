import { z } from 'zod';
import { duration, identifier, metricName, percent, port, positiveInteger, strict } from './common.ts';
import { auth, completionEndpoint, httpEndpoint, objectives, toolEndpoint } from './endpoint.ts';
import { maintenance } from './maintenance.ts';
import { metric } from './metric.ts';
import { probe } from './probe.ts';

/** Where a service may answer: the simulated fleet, or a full address. Which schemes a probe takes is the affair of its kind. */
export const ADDRESS_PATTERN = /^(fleet(\+tls)?:|(https?|tcp|tls|dns|grpcs?|wss?|rediss?|postgres(ql)?):\/\/\S+)$/;

/** The rule of `ADDRESS_PATTERN` for people. */
export const ADDRESS_RULE =
  'must be fleet:, fleet+tls: or a full address, such as http://host:port, https://host:port or tcp://host:port';

const address = z
  .string()
  .regex(ADDRESS_PATTERN, { error: ADDRESS_RULE })
  .meta({ description: 'Where the service answers. fleet: means the simulated fleet.' });

/** A promise on the value of a PromQL expression. */
const promqlObjective = strict({
  objective: z.string().min(1),
  expr: z
    .string()
    .min(1)
    .meta({ description: '$matchers stands for the labels of the service, $window for the length of the run.' }),
  below: z.union([z.number(), duration, percent]).optional(),
  above: z.union([z.number(), duration, percent]).optional(),
  samples: z.string().min(1).meta({ description: 'PromQL for the number of samples behind the value.' }),
  minSamples: positiveInteger.optional(),
}).refine((row) => (row.below === undefined) !== (row.above === undefined), {
  error: 'needs exactly one of below and above',
  path: [],
});

const common = {
  id: identifier,
  title: z.string().optional(),
  address,
  port: port.optional().meta({ description: "The port that the service has in the team's own set-up." }),
  scrape: z
    .union([z.literal(false), strict({ path: z.string().regex(/^\//), interval: duration.optional() })])
    .optional()
    .meta({ description: 'Where Prometheus scrapes it; false if it exports nothing. Default /metrics.' }),
  tls: strict({ caFile: z.string().optional(), insecure: z.boolean().optional() }).optional(),
  auth: auth.optional(),
  probe: probe.optional().meta({
    description:
      'How the service is probed. Default, by kind of service: http GET on the first plain endpoint; llm, mcp, redis and postgres by their protocol; an exporter by its metrics; else a TCP connection.',
  }),
  probes: z
    .record(identifier, probe)
    .optional()
    .meta({ description: 'Further probes by name, each a target of its own: <system>/<service>/<name>.' }),
  maintenance: maintenance.optional(),
  objectives: objectives.optional(),
  promql: z.array(promqlObjective).optional(),
  metrics: z.array(metric).optional(),
  signals: strict({
    requests: strict({
      metric: metricName,
      errors: z.string().meta({ description: 'Matcher of the failed ones, such as status=~"5..".' }),
    }).optional(),
    duration: strict({ metric: metricName }).optional(),
  })
    .optional()
    .meta({ description: 'The metrics that count requests and time them: rules and panels are derived from them.' }),
};

const load = strict({
  requestsPerSecond: z.number().positive(),
}).meta({ description: 'Expected traffic of the whole service. Load profiles scale it.' });

const budget = strict({
  requests: positiveInteger.optional(),
}).meta({ description: 'Most requests in one run. A spent budget makes the judgement inconclusive, not cheaper.' });

export const httpService = strict({
  ...common,
  kind: z.literal('http'),
  load: load.optional(),
  budget: budget.optional(),
  endpoints: z.array(httpEndpoint).min(1),
});

export const llmService = strict({
  ...common,
  kind: z.literal('llm'),
  load: load.optional(),
  budget: budget.optional(),
  llm: strict({
    api: z.enum(['openai', 'gemini']),
    model: z.string().min(1),
    basePath: z.string().regex(/^\//).optional().meta({ description: 'Path before /chat/completions or /models.' }),
    firstTokenWithin: duration.optional(),
    usdPerMillionTokens: strict({ input: z.number().nonnegative(), output: z.number().nonnegative() }).optional(),
  }),
  endpoints: z.array(completionEndpoint).min(1),
});

export const mcpService = strict({
  ...common,
  kind: z.literal('mcp'),
  load: load.optional(),
  budget: budget.optional(),
  mcp: strict({
    transport: z
      .enum(['streamable-http', 'openapi'])
      .meta({ description: 'openapi: a proxy such as mcpo, one POST route a tool.' }),
    path: z.string().regex(/^\//).optional().meta({ description: 'Path of the MCP endpoint. Default /mcp.' }),
    era: z
      .enum(['modern', 'legacy'])
      .optional()
      .meta({ description: 'Protocol of 2026-07-28 or older. Default modern.' }),
    tools: z.array(z.string()).optional().meta({ description: 'Tools that must be listed.' }),
  }),
  endpoints: z.array(toolEndpoint).min(1),
});

export const datastoreService = strict({
  ...common,
  kind: z.literal('datastore'),
  engine: z.enum(['postgres', 'redis', 'other']),
});

export const exporterService = strict({ ...common, kind: z.literal('exporter') });

export const service = z.discriminatedUnion('kind', [
  httpService,
  llmService,
  mcpService,
  datastoreService,
  exporterService,
]);
