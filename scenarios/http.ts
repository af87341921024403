import { send } from './lib/endpoint.ts';
import { measure } from './lib/measure.ts';

/** One request to an endpoint of an HTTP service, or to a tool behind an OpenAPI proxy. */
export function http(): void {
  measure(send, null);
}
