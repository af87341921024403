import type { LlmGenerationSpec } from '../../../../thresholds/model.ts';
import type { TokenUsage } from '../facts.ts';

/** What one event of a stream says. */
export interface Delta {
  /** Text of the reply; empty for none. */
  content: string;
  /** Text of the reasoning before it; empty for none. */
  reasoning: string;
  finishReason: string | null;
  usage: TokenUsage | null;
  model: string | null;
}

/** An error that came where a delta should be, or as the body of a refusal. */
export interface ProviderError {
  /** HTTP status that the provider gives it in the body; null without one. */
  status: number | null;
  /** The provider's own word for it: `insufficient_quota`, `RESOURCE_EXHAUSTED`; empty without one. */
  code: string;
  message: string;
}

/** How a provider's API words a streamed completion. */
export interface LlmDialect {
  /** Value of gen_ai_operation_name. */
  operation: 'chat' | 'generate_content';
  request(spec: LlmGenerationSpec): { path: string; body: object };
  /** The meaning of an event's data, parsed. */
  read(data: unknown): Delta;
  /** Data that ends a stream; null where the finish reason alone does. */
  terminator: string | null;
  /** Finish reasons of a reply that was given in full, or up to the limit of tokens. */
  finished: ReadonlySet<string>;
}

/** The value as an object whose fields may be anything; empty for what is no object. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The text, or none for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The number, or 0 for anything else. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The error in a body or event (`{error: {...}}` in both APIs, in an array around it at Gemini's), or null. */
export function errorOf(data: unknown): ProviderError | null {
  const holder = fieldsOf(Array.isArray(data) ? data[0] : data);
  if (holder.error === undefined || holder.error === null) return null;
  if (typeof holder.error === 'string') return { status: null, code: '', message: holder.error };
  const { code, status, type, message } = fieldsOf(holder.error);
  return {
    status: [code, status].find((value) => typeof value === 'number') ?? null,
    code: [code, status, type].map(textOf).find((word) => word !== '') ?? '',
    message: textOf(message),
  };
}
