import type { AnswerText } from './row.ts';

interface OpenAiAnswer {
  choices?: { message?: { content?: string | null } }[];
}

interface GeminiAnswer {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}

/** The text of a whole completion of either interface. A completion without text is a fault, though HTTP says 200. */
export function completionText(api: AnswerText, body: string): { text: string } | { fault: string } {
  let answer: OpenAiAnswer & GeminiAnswer;
  try {
    answer = JSON.parse(body);
  } catch {
    return { fault: 'the completion is not JSON' };
  }
  const text =
    api === 'openai'
      ? answer?.choices?.[0]?.message?.content
      : answer?.candidates?.[0]?.content?.parts?.map((part) => part.text ?? '').join('');
  return text ? { text } : { fault: 'the completion holds no text' };
}
