import { HarnessError } from '../../process/harness-error.ts';

const TIMEOUT_MS = 15_000;

/** A request to a monitoring pair that belongs to others. @throws HarnessError when it does not answer, or not as asked. */
export async function requestJson<T>(
  url: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: unknown } = {},
): Promise<T> {
  const { address, headers } = withCredentials(url);
  try {
    const response = await fetch(address, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${text.trim().slice(0, 300)}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  } catch (cause) {
    const { message } = cause as Error;
    const inner = (cause as Error).cause;
    const reason = inner instanceof Error ? `${message}: ${inner.message}` : message;
    throw new HarnessError(`${new URL(address).host} did not answer as asked`, {
      reason: `${method} ${address}: ${reason}`,
      cause,
    });
  }
}

/** `fetch` takes no user and password in an address. */
function withCredentials(url: string): { address: string; headers: Record<string, string> } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === '') return { address: url, headers: {} };
  parsed.username = '';
  parsed.password = '';
  const credential = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address: parsed.href, headers: { authorization: `Basic ${Buffer.from(credential).toString('base64')}` } };
}
