import type { LlmGenerationSpec } from '../../../thresholds/model.ts';
import type { LlmDialect } from './dialects/dialect.ts';
import { gemini } from './dialects/gemini.ts';
import { openAi } from './dialects/openai.ts';

/** Every API by its name in the catalogue. */
export const LLM_DIALECTS: { readonly [Api in LlmGenerationSpec['api']]: LlmDialect } = { openai: openAi, gemini };
