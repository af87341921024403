import { countOf, fieldsOf, type LlmDialect, textOf } from './dialect.ts';

/** Chat completions as OpenAI defined them and most others, DeepSeek among them, serve them. */
export const openAi: LlmDialect = {
  operation: 'chat',
  terminator: '[DONE]',
  finished: new Set(['stop', 'length']),
  request: ({ basePath, model, prompt, maxTokens, parameters }) => ({
    path: `${basePath}/chat/completions`,
    body: {
      model,
      messages: [{ role: 'user', content: prompt }],
      max_tokens: maxTokens,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
      ...parameters,
    },
  }),
  read(data) {
    const { choices, usage, model } = fieldsOf(data);
    // The last event of a stream has no choice, but the usage.
    const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined);
    const delta = fieldsOf(choice.delta);
    const counts = fieldsOf(usage);
    return {
      content: textOf(delta.content),
      // DeepSeek's name, and the one that OpenRouter and vLLM give it.
      reasoning: textOf(delta.reasoning_content) || textOf(delta.reasoning),
      finishReason: textOf(choice.finish_reason) || null,
      usage:
        usage === undefined || usage === null
          ? null
          : {
              input: countOf(counts.prompt_tokens),
              output: countOf(counts.completion_tokens),
              reasoning: countOf(fieldsOf(counts.completion_tokens_details).reasoning_tokens),
            },
      model: textOf(model) || null,
    };
  },
};
