/** Cookies of one run. */
export interface CookieJar {
  /** Takes what an answer sets. */
  store(url: URL, setCookie: readonly string[]): void;
  /** Value of the Cookie header for a request; undefined when there is none to send. */
  headerFor(url: URL): string | undefined;
}

interface Cookie {
  name: string;
  value: string;
  host: string;
  path: string;
  secure: boolean;
}

/** Most cookies of one run; further ones are dropped. As many as browsers keep for a site. */
const MAX_COOKIES = 50;

/**
 * An empty jar (`now` gives Unix milliseconds), after RFC 6265 as far as a short run needs it: a cookie goes back to the very host that set it, below its path, and only
 * encrypted if it says so. Domain is ignored, which is narrower than allowed; an expiry in the past removes.
 */
export function createCookieJar(now: () => number): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    store(url, setCookie) {
      for (const line of setCookie) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
        const at = pair.indexOf('=');
        if (at < 1) continue;
        const settings = new Map(
          attributes.map((text): [string, string] => {
            const [name = '', ...value] = text.split('=');
            return [name.toLowerCase(), value.join('=')];
          }),
        );
        const path = settings.get('path');
        const cookie = {
          name: pair.slice(0, at),
          value: pair.slice(at + 1),
          host: url.hostname,
          path: path?.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
          secure: settings.has('secure'),
        };
        const key = `${cookie.host} ${cookie.path} ${cookie.name}`;
        cookies.delete(key);
        if (!isOver(settings, now()) && cookies.size < MAX_COOKIES) cookies.set(key, cookie);
      }
    },
    headerFor(url) {
      if (cookies.size === 0) return undefined;
      const sent = [...cookies.values()].filter(
        ({ host, path, secure }) =>
          host === url.hostname && isBelow(url.pathname, path) && (!secure || url.protocol === 'https:'),
      );
      return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
  };
}

/** RFC 6265 5.1.4. */
function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** Max-Age has precedence over Expires. A run is too short for any other expiry to matter. */
function isOver(settings: ReadonlyMap<string, string>, nowMs: number): boolean {
  const maxAge = settings.get('max-age');
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return Date.parse(settings.get('expires') ?? '') < nowMs;
}
