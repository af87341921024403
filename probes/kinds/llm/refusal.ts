import { ProbeFailure } from '../../failure.ts';
import type { ProbeReason } from '../../result.ts';
import { errorOf, type ProviderError } from './dialects/dialect.ts';

/** Characters of a provider's message that are kept for people. */
const MAX_MESSAGE = 160;

/** What a provider's refusal means; `status` is that of HTTP, or the one that the body gives an error within a stream. */
export function refusalReason(status: number, code: string): ProbeReason {
  // Gemini refuses a wrong key with 400; OpenAI an empty account with 429.
  if (/api_key_invalid|invalid_api_key|unauthenticated/i.test(code)) return 'auth';
  if (/insufficient_quota|insufficient_balance|billing/i.test(code)) return 'billing';
  if (/rate_limit|resource_exhausted|too_many_requests/i.test(code)) return 'rate-limited';
  if (/overloaded|service_unavailable|^unavailable$/i.test(code)) return 'overloaded';
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'billing';
  if (status === 429) return 'rate-limited';
  // What was asked is at fault: our configuration, not the provider.
  if (status === 400 || status === 413 || status === 422) return 'misconfigured';
  if (status === 503 || status === 529) return 'overloaded';
  return status >= 500 ? 'provider-error' : 'status';
}

/** An HTTP answer other than 200 as a failure. `conceal` takes the credential out of what the provider echoes. */
export function refusal(status: number, body: string, conceal: (text: string) => string): ProbeFailure {
  const error = errorOf(parse(body)) ?? { status: null, code: '', message: body };
  // Google's own code for a wrong key stands in the details only.
  const code = body.includes('API_KEY_INVALID') ? 'API_KEY_INVALID' : error.code;
  return new ProbeFailure(refusalReason(status, code), `status ${status}${told(error, conceal)}`);
}

/** An error within an answer of status 200 as a failure. */
export function streamError(error: ProviderError, conceal: (text: string) => string): ProbeFailure {
  const reason = refusalReason(error.status ?? 0, error.code);
  const known = reason === 'status' ? 'stream-error' : reason;
  return new ProbeFailure(known, `an error in the answer${told(error, conceal)}`);
}

function told({ code, message }: ProviderError, conceal: (text: string) => string): string {
  const text = conceal([code, message].filter(Boolean).join(': ')).replace(/\s+/g, ' ').trim();
  return text === '' ? '' : `: ${text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}...` : text}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Milliseconds that a refusal asks to wait (Retry-After: seconds or a date); 0 where it does not. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}
