import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../process/harness-error.ts';

/** The scenarios that come with firedrill: TypeScript in a checkout, JavaScript in the published package. */
export function packagedScenarios(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../../scenarios/main.${extension}`, import.meta.url));
}

/**
 * Bundles a scenario program and what it imports into one module for k6, whose own modules stay outside.
 * @returns the path of the bundle.
 */
export async function bundleScenarios(entry: string, dir: string): Promise<string> {
  if (!existsSync(entry))
    throw new HarnessError('cannot bundle the k6 scenarios', { reason: `${entry}: no such file` });
  const { build, stop } = await import('esbuild');
  const outfile = join(dir, 'scenarios.js');
  try {
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      external: ['k6', 'k6/*'],
      logLevel: 'silent',
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError('cannot bundle the k6 scenarios', { reason, cause });
  } finally {
    // esbuild keeps a process of its own for later builds; there is none.
    await stop();
  }
  return outfile;
}
