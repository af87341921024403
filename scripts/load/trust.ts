import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadPlan } from '../../thresholds/plan-load.ts';
import { HarnessError } from '../process/harness-error.ts';

/**
 * The variable that makes k6 trust further certificate authorities: that of the run, those of the services, and what
 * `SSL_CERT_FILE` named before. Go reads the system's own from their folder all the same.
 */
export async function trust(
  plan: LoadPlan,
  { caFile, dir, env }: { caFile: string | null; dir: string; env: Readonly<Record<string, string | undefined>> },
): Promise<Record<string, string>> {
  const own = [caFile, ...plan.endpoints.map(({ service }) => service.tls.caFile)].filter((path) => path !== null);
  if (own.length === 0) return {};
  const files = new Set([...(env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : []), ...own]);
  const certificates = await Promise.all([...files].map(readCertificates));
  const bundle = join(dir, 'authorities.pem');
  await writeFile(bundle, certificates.join('\n'));
  return { SSL_CERT_FILE: bundle };
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new HarnessError('cannot read a certificate authority', { reason: `${path} cannot be read`, cause });
  }
}
