import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export const DAY_MS = 86_400_000;

/** Whole seconds, as certificates hold them. */
export function inDays(days: number): Date {
  return new Date(Math.ceil(Date.now() / 1_000) * 1_000 + days * DAY_MS);
}

interface Issued {
  key: string;
  cert: string;
}

/** A certificate for localhost, signed by itself or by another (of RSA: the generator signs with no other key). */
export async function issue({
  from = inDays(-10),
  until = inDays(90),
  by,
  name = 'localhost',
  keyType = 'ec',
}: {
  from?: Date;
  until?: Date;
  by?: Issued | undefined;
  name?: string;
  keyType?: 'ec' | 'rsa';
} = {}): Promise<Issued> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType,
    notBeforeDate: from,
    notAfterDate: until,
    extensions: [
      { name: 'basicConstraints', cA: by === undefined },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
    ...(by !== undefined && { ca: by }),
  });
  return { key, cert };
}

/** A file that is gone when disposed. */
export async function temporaryFile(text: string): Promise<{ path: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-'));
  const path = join(dir, 'ca.pem');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}
