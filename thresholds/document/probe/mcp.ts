import { z } from 'zod';
import { duration, positiveInteger, strict } from '../common.ts';
import { expectation } from '../expect.ts';
import { timing } from './timing.ts';

/** A server of MCP tools, or a proxy before some. */
export const mcpProbe = strict({
  kind: z.literal('mcp'),
  transport: z
    .enum(['streamable-http', 'openapi'])
    .optional()
    .meta({ description: 'Default: that of the service; openapi is a proxy such as mcpo.' }),
  path: z
    .string()
    .regex(/^\//, { error: 'must start with /' })
    .optional()
    .meta({ description: 'Path of the MCP endpoint, or before /openapi.json. Default: that of the service.' }),
  era: z.enum(['auto', 'modern', 'legacy']).optional().meta({
    description: 'Protocol of 2026-07-28, or older with sessions. Default: that of the service, else found out.',
  }),
  serverName: z.string().optional().meta({ description: 'Regular expression that the name of the server must match.' }),
  versions: z
    .array(z.string().regex(/^\d{4}-\d\d-\d\d$/, { error: 'must be a date such as 2026-07-28' }))
    .min(1)
    .optional()
    .meta({ description: 'Protocol versions that are accepted. Default: all that are known.' }),
  minTools: positiveInteger.optional().meta({ description: 'Fewer tools listed are a failure.' }),
  tools: z
    .array(z.string())
    .optional()
    .meta({ description: 'Tools that must be listed. Default: those of the service.' }),
  schemas: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{16}$/, { error: 'must be 16 hexadecimal digits' }))
    .optional()
    .meta({ description: 'Hash of name and input schema by tool; a failed probe prints the present one.' }),
  canary: z
    .union([
      z.literal(false),
      strict({
        tool: z.string().min(1),
        server: z.string().min(1).optional().meta({ description: 'Name of the server behind a proxy.' }),
        arguments: z.record(z.string(), z.unknown()).optional(),
        expect: expectation.optional(),
        within: duration.optional().meta({ description: 'A slower call is a failure.' }),
      }),
    ])
    .optional()
    .meta({
      description:
        'The tool that is called in each run: cheap, and without effects. Default: the first cheap endpoint.',
    }),
  ping: z.boolean().optional().meta({ description: 'Whether ping must be answered, in the older protocol.' }),
  export: z
    .array(z.enum(['operations']))
    .optional()
    .meta({
      description: 'Further series: a histogram for each operation, mcp_client_operation_duration_seconds (68).',
    }),
  ...timing,
});
