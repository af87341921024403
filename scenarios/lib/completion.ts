import type { Fault } from './measure.ts';
import type { ScenarioRow } from './row.ts';

interface OpenAiAnswer {
  choices?: { message?: { content?: string | null } }[];
}

interface GeminiAnswer {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}

/** The text of a whole completion of either interface. A completion without text is a fault, though HTTP says 200. */
export function completionText(body: string, { answerText }: Pick<ScenarioRow, 'answerText'>): string | Fault {
  let answer: OpenAiAnswer & GeminiAnswer;
  try {
    answer = JSON.parse(body);
  } catch {
    return { fault: 'the completion is not JSON' };
  }
  const text =
    answerText === 'openai'
      ? answer?.choices?.[0]?.message?.content
      : answer?.candidates?.[0]?.content?.parts?.map((part) => part.text ?? '').join('');
  return text ? text : { fault: 'the completion holds no text' };
}
