import type { HostAndPort } from './model.ts';

/** Reads `host:port`, an IPv6 address in brackets; the host comes without them. Null when it is not of that form. */
export function parseHostAndPort(text: string): HostAndPort | null {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}
