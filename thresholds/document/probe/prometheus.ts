import { z } from 'zod';
import { positiveInteger, strict } from '../common.ts';
import { timing } from './timing.ts';

const query = strict({
  expr: z.string().min(1),
  above: z.number().optional(),
  below: z.number().optional(),
  equals: z.number().optional(),
  allowEmpty: z.boolean().optional().meta({ description: 'No series at all will do. Default false.' }),
})
  .refine(({ above, below, equals }) => [above, below, equals].filter((bound) => bound !== undefined).length === 1, {
    error: 'needs exactly one of above, below and equals',
    path: [],
  })
  .meta({ description: 'A PromQL expression; of several series each must hold.' });

const targets = strict({
  jobs: z.array(z.string().min(1)).optional().meta({ description: 'Only these jobs, each of which must exist.' }),
  atLeast: positiveInteger.optional().meta({ description: 'Fewest targets that must be up. Default all.' }),
}).meta({ description: 'The targets that it scrapes are up.' });

const rules = strict({
  groups: z.array(z.string().min(1)).optional().meta({ description: 'Groups that must be there.' }),
}).meta({ description: 'Its rules are evaluated without an error.' });

/** What a Prometheus server says. */
export const prometheusProbe = strict({
  kind: z.literal('prometheus'),
  pathPrefix: z
    .string()
    .regex(/^\/.*[^/]$/, { error: 'must start with / and not end with one' })
    .optional()
    .meta({ description: 'Path before /api/v1.' }),
  query: query.optional(),
  targets: targets.optional(),
  rules: rules.optional(),
  ...timing,
});
