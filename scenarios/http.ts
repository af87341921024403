import { send } from './lib/endpoint.ts';
import { measure, type ReadText } from './lib/measure.ts';

const bodyOf: ReadText = (response) => ({ text: response.body ?? '' });

/** One request to an endpoint of an HTTP service, or to a tool behind an OpenAPI proxy. */
export function http(): void {
  measure(send, bodyOf);
}
