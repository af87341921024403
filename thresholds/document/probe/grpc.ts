import { z } from 'zod';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

/** The health protocol of gRPC. */
export const grpcProbe = strict({
  kind: z.literal('grpc'),
  service: z.string().optional().meta({ description: 'Service to ask after. Default: the server as a whole.' }),
  ...timing,
});
