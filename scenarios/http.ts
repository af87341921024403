import { plainRequest } from './lib/endpoint.ts';
import { scenario } from './lib/measure.ts';

/** One request to an endpoint of an HTTP service, or to a tool behind an OpenAPI proxy. */
export const http = scenario(plainRequest, null);
