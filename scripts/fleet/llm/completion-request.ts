import type { LlmService } from '../../../thresholds/model.ts';
import { jsonObject } from '../metrics/arguments.ts';

/** A request for a whole completion in the provider's API. */
export function completionRequest(
  llm: LlmService['llm'],
  prompt: string,
  maxTokens: number,
): { path: string; body: object } {
  if (llm.api === 'openai') {
    const messages = [{ role: 'user', content: prompt }];
    return { path: `${llm.basePath}/chat/completions`, body: { model: llm.model, messages, max_tokens: maxTokens } };
  }
  return {
    path: `${llm.basePath}/models/${llm.model}:generateContent`,
    body: { contents: [{ role: 'user', parts: [{ text: prompt }] }], generationConfig: { maxOutputTokens: maxTokens } },
  };
}

/** The text of a whole completion; undefined when the answer is none. */
export function completionText(llm: LlmService['llm'], answer: string): string | undefined {
  const body = jsonObject(answer) as OpenAiAnswer & GeminiAnswer;
  return llm.api === 'openai' ? body.choices?.[0]?.message?.content : body.candidates?.[0]?.content?.parts?.[0]?.text;
}

interface OpenAiAnswer {
  choices?: { message?: { content?: string } }[];
}

interface GeminiAnswer {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}
