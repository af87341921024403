import { completionText } from './lib/completion.ts';
import { plainRequest } from './lib/endpoint.ts';
import { scenario } from './lib/measure.ts';

/** One completion, whole: k6 cannot time the parts of a stream. */
export const llm = scenario(plainRequest, completionText);
