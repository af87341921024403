import { asObject, type Json } from './json-rpc.ts';

/** Printable ASCII without blanks at its ends: fit for a header as it is. */
const PLAIN = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;
const ENCODED = /^=\?base64\?.*\?=$/;

/** A value as a header of the protocol of 2026-07-28 carries it: as it is, or as base64 in `=?base64?...?=`. */
export function fieldValue(value: string): string {
  if (PLAIN.test(value) && !ENCODED.test(value)) return value;
  return `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

/**
 * The `Mcp-Param-...` headers that a tool asks for: its schema marks properties with `x-mcp-header`, and a call must repeat their values
 * for proxies to route by. Values that are absent, null or no scalar have none.
 */
export function paramHeaders(inputSchema: unknown, args: Json): Record<string, string> {
  const headers: Record<string, string> = {};
  const visit = (schema: Json | null, value: unknown) => {
    const name = schema?.['x-mcp-header'];
    if (typeof name === 'string' && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && isScalar(value)) {
      headers[`mcp-param-${name.toLowerCase()}`] = fieldValue(String(value));
    }
    for (const [property, child] of Object.entries(asObject(schema?.properties) ?? {})) {
      visit(asObject(child), asObject(value)?.[property]);
    }
  };
  visit(asObject(inputSchema), args);
  return headers;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}
