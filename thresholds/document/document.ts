import { z } from 'zod';
import { parseHostAndPort } from '../host-and-port.ts';
import { alert } from './alert.ts';
import { identifier, strict } from './common.ts';
import { auth, objectives } from './endpoint.ts';
import { maintenance } from './maintenance.ts';
import { operations } from './operations.ts';
import { muteTimes, receivers, routing } from './receiver.ts';
import { service } from './service.ts';

/** Changes to one service in one environment: real addresses, mostly. */
const overlay = strict({
  address: z.string().optional(),
  auth: auth.optional(),
  objectives: objectives.optional(),
});

/** One catalogue file: a system with its promises, or shared receivers, or both. */
export const document = strict({
  system: identifier.optional(),
  title: z.string().optional(),
  team: z.string().optional(),
  environment: identifier
    .optional()
    .meta({ description: 'The environment that the addresses of this file stand for. Default sim.' }),
  environments: z
    .record(identifier, z.record(z.string(), overlay))
    .optional()
    .meta({ description: 'Other environments: for each, the services whose address differs.' }),
  objectives: objectives.optional(),
  receivers: receivers.optional(),
  muteTimes: muteTimes.optional(),
  routing: routing.optional(),
  operations: operations.optional(),
  maintenance: maintenance.optional(),
  connectivity: z
    .array(z.string().refine((text) => parseHostAndPort(text) !== null, { error: 'must be host:port' }))
    .min(1)
    .optional()
    .meta({
      description:
        'host:port of neighbours that are always there. While none of them takes a connection, failures of probes count as unknown.',
    }),
  services: z.array(service).min(1).optional(),
  alerts: z.array(alert).optional(),
}).meta({ title: 'firedrill catalogue', description: 'What is promised about the services of one system.' });

export type CatalogueDocument = z.infer<typeof document>;
export type ServiceDocument = z.infer<typeof service>;
