import { promqlDurationMs } from './duration.ts';

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([abfnrtv\\'"]))|\\/g;

/** The value of a PromQL string with its quotes, or why it has none. */
export function unquote(text: string): { value: string } | { error: string } {
  const quote = text.charAt(0);
  if (text.length < 2 || !text.endsWith(quote)) return { error: 'the string has no closing quote' };
  const body = text.slice(1, -1);
  if (quote === '`' || !body.includes('\\')) return { value: body };
  const bytes: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let end = 0;
  for (const match of body.matchAll(ESCAPE)) {
    const [whole, hex, octal, short, long, simple] = match;
    bytes.push(encoder.encode(body.slice(end, match.index)));
    end = match.index + whole.length;
    const byte = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : null;
    const point = short ?? long;
    if (byte !== null && byte < 256) bytes.push(Uint8Array.of(byte));
    else if (point !== undefined && Number.parseInt(point, 16) <= 0x10ffff) {
      bytes.push(encoder.encode(String.fromCodePoint(Number.parseInt(point, 16))));
    } else if (simple !== undefined && !(simple === "'" && quote === '"') && !(simple === '"' && quote === "'")) {
      bytes.push(Uint8Array.of(SIMPLE[simple] ?? 0));
    } else
      return { error: `PromQL has no escape ${body.slice(match.index, match.index + 2)}; write \\\\ for a backslash` };
  }
  bytes.push(encoder.encode(body.slice(end)));
  return { value: new TextDecoder().decode(concatenate(bytes)) };
}

/** The value of a PromQL number: decimal, hexadecimal, `Inf`, `NaN`, or a duration as its seconds. */
export function numberValue(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]\s*/, '').replaceAll('_', '');
  if (/^inf$/i.test(body)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(body)) return Number.NaN;
  const value = Number(body);
  if (body !== '' && !Number.isNaN(value)) return sign * value;
  const ms = promqlDurationMs(body);
  return ms === null ? null : (sign * ms) / 1_000;
}

/** A PromQL string literal that stands for the text. */
export function quoteString(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => {
    const letter = { '\n': 'n', '\r': 'r', '\t': 't' }[character];
    return `\\${letter ?? character}`;
  })}"`;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
