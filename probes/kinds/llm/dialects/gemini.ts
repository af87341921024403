import { countOf, fieldsOf, type LlmDialect, textOf } from './dialect.ts';

/** Google's `streamGenerateContent`. Its key goes into the header `x-goog-api-key`, by the catalogue's auth. */
export const gemini: LlmDialect = {
  operation: 'generate_content',
  terminator: null,
  finished: new Set(['STOP', 'MAX_TOKENS']),
  request: ({ basePath, model, prompt, maxTokens, parameters }) => ({
    // Without alt=sse the answer is one JSON array, which nobody can time.
    path: `${basePath}/models/${model}:streamGenerateContent?alt=sse`,
    body: {
      contents: [{ role: 'user', parts: [{ text: prompt }] }],
      ...parameters,
      generationConfig: { maxOutputTokens: maxTokens, temperature: 0, ...fieldsOf(parameters.generationConfig) },
    },
  }),
  read(data) {
    const { candidates, usageMetadata, modelVersion, promptFeedback } = fieldsOf(data);
    const candidate = fieldsOf(Array.isArray(candidates) ? candidates[0] : undefined);
    const { parts } = fieldsOf(candidate.content);
    // A part may hold a thoughtSignature alone: no token.
    const texts = (Array.isArray(parts) ? parts : []).map(fieldsOf);
    const join = (thought: boolean) =>
      texts.map((part) => ((part.thought === true) === thought ? textOf(part.text) : '')).join('');
    const counts = fieldsOf(usageMetadata);
    const thoughts = countOf(counts.thoughtsTokenCount);
    return {
      content: join(false),
      reasoning: join(true),
      // A prompt that was blocked has no candidate at all.
      finishReason: textOf(candidate.finishReason) || textOf(fieldsOf(promptFeedback).blockReason) || null,
      usage:
        usageMetadata === undefined || usageMetadata === null
          ? null
          : {
              input: countOf(counts.promptTokenCount),
              output: countOf(counts.candidatesTokenCount) + thoughts,
              reasoning: thoughts,
            },
      model: textOf(modelVersion) || null,
    };
  },
};
