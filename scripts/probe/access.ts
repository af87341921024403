import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../../thresholds/model.ts';
import { type ReadText, resolveSecret } from '../../thresholds/secret.ts';
import { UsageError } from '../usage-error.ts';
import type { Guard } from './listener.ts';

const FORM = 'bearer=file:PATH, bearer=env:NAME, basic:USER=file:PATH or basic:USER=env:NAME';

/** A credential that is read anew whenever it is needed, so that a rotated one holds at once. */
export interface Credential {
  scheme: 'Bearer' | 'Basic';
  /** As it stands in `Authorization`, after the scheme. */
  read(): string;
}

/**
 * A credential by reference, so that it stands in no process list.
 * @throws UsageError for another form, and for a secret that cannot be read or is empty.
 */
export function parseCredential(
  option: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  readText: ReadText,
): Credential {
  const match = /^(?:bearer|basic:([^:=]+))=(?:(file):(.+)|(?:env):([A-Za-z_]\w*))$/.exec(text);
  if (match === null) throw new UsageError(`${option} is not understood`, `write ${FORM}`);
  const [, user, file, path = '', variable = ''] = match;
  const secret: Secret = file === undefined ? { variable } : { file: path };
  const read = () => resolveSecret(secret, env, readText);
  try {
    if (read() === '') throw new Error(`the secret file ${path} is empty`);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`, 'put the secret there', { cause: error });
  }
  return user === undefined
    ? { scheme: 'Bearer', read }
    : { scheme: 'Basic', read: () => Buffer.from(`${user}:${read()}`).toString('base64') };
}

/**
 * Who may look at the prober's pages, from `--auth`.
 * @throws UsageError as `parseCredential` does.
 */
export function parseAccess(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  readText: ReadText,
): Guard {
  const { scheme, read } = parseCredential('--auth', text, env, readText);
  const refusal = {
    status: 401 as const,
    headers: { 'www-authenticate': `${scheme} realm="firedrill"${scheme === 'Basic' ? ', charset="UTF-8"' : ''}` },
  };
  return (request) => (sameText(credentialOf(request, scheme), read()) ? null : refusal);
}

/** What the request gives under the scheme, whose name is in any case (RFC 9110 11.1). */
export function credentialOf({ headers: { authorization = '' } }: IncomingMessage, scheme: string): string {
  const [given = '', credential = ''] = authorization.split(' ', 2);
  return given.toLowerCase() === scheme.toLowerCase() ? credential : '';
}

/** Compares in a time that tells nothing of either text. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Refuses to open the pages to a network without credentials.
 * @throws UsageError
 */
export function requireSafeListen(host: string, { guarded, allowed }: { guarded: boolean; allowed: boolean }): void {
  const loopback = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  if (loopback || guarded || allowed) return;
  throw new UsageError(
    `--listen on ${host} opens the pages, and /probe, to everyone on that network`,
    `add --auth (${FORM}), or --allow-unauthenticated if something in front of it asks for credentials`,
  );
}
