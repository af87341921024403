import { ProbeFailure } from '../failure.ts';

/** The part of a request that a redirect may change. */
export interface Hop {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that must not follow to another origin. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * The next hop that an answer asks for, or undefined when it asks for none. Each hop is connected and verified as the first one was;
 * credentials stay at their origin.
 * @param secretHeaders names of further headers that carry a credential, in lower case.
 * @throws ProbeFailure `redirect` when the location is none that a probe may follow.
 */
export function nextHop(
  hop: Hop,
  status: number,
  location: string | undefined,
  secretHeaders: ReadonlySet<string>,
): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, hop.url.href))
    throw new ProbeFailure('redirect', `redirect to ${location}, which is no URL`);
  const url = new URL(location, hop.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProbeFailure('redirect', `redirect to ${url.protocol}, only http and https are followed`);
  }
  // RFC 9110 15.4: 303 always becomes a GET; so does a POST on 301 and 302, as every client does.
  const toGet = (status === 303 && hop.method !== 'HEAD') || (status < 303 && hop.method === 'POST');
  const dropped = (name: string) =>
    name === 'host' ||
    (url.origin !== hop.url.origin && (CREDENTIALS.has(name) || secretHeaders.has(name))) ||
    (toGet && name.startsWith('content-'));
  return {
    url,
    method: toGet ? 'GET' : hop.method,
    headers: Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !dropped(name))),
    body: toGet ? null : hop.body,
  };
}
