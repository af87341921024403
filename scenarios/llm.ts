import { completionText } from './lib/completion.ts';
import { send } from './lib/endpoint.ts';
import { measure } from './lib/measure.ts';

/** One completion, whole: k6 cannot time the parts of a stream. */
export function llm(): void {
  measure(send, completionText);
}
