import type { Auth, HttpStep, Secret } from '../../thresholds/model.ts';
import { ProbeFailure } from '../failure.ts';

/**
 * Headers of the first request, names in lower case: the catalogue's, the length of the body, and the credential.
 * @throws ProbeFailure `misconfigured` when the credential cannot be read: the target is not to blame.
 */
export function requestHeaders(
  { headers, body }: Pick<HttpStep, 'headers' | 'body'>,
  auth: Auth | null,
  readSecret: (secret: Secret) => string,
): Record<string, string> {
  const all: Record<string, string> = { accept: '*/*', 'user-agent': 'firedrill' };
  for (const name in headers) all[name.toLowerCase()] = headers[name] ?? '';
  if (body !== null) all['content-length'] = String(Buffer.byteLength(body));
  if (auth !== null) all[authHeader(auth)] = credential(auth, readSecret);
  return all;
}

/** Name of the header that carries the credential, in lower case. */
export function authHeader(auth: Auth): string {
  return auth.kind === 'header' ? auth.name.toLowerCase() : 'authorization';
}

function credential(auth: Auth, readSecret: (secret: Secret) => string): string {
  try {
    if (auth.kind === 'bearer') return `Bearer ${readSecret(auth.token)}`;
    if (auth.kind === 'header') return readSecret(auth.value);
    return `Basic ${Buffer.from(`${auth.username}:${readSecret(auth.password)}`).toString('base64')}`;
  } catch (error) {
    throw new ProbeFailure('misconfigured', (error as Error).message, { cause: error });
  }
}
