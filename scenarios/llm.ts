import { completionText } from './lib/completion.ts';
import { send } from './lib/endpoint.ts';
import { measure, type ReadText } from './lib/measure.ts';

const textOf: ReadText = (response, { row }) => completionText(row.answerText, response.body ?? '');

/** One completion, whole: k6 cannot time the parts of a stream. */
export function llm(): void {
  measure(send, textOf);
}
