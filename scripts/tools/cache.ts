import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isAlive, processIdentity } from '../process/identity.ts';
import type { BundleName } from './tool.ts';
import { compareVersions } from './version.ts';

/** firedrill's own cache: `$XDG_CACHE_HOME/firedrill`, else `~/.cache/firedrill`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME;
  // The XDG rules say to pass over a relative path.
  if (base !== undefined && isAbsolute(base)) return join(base, 'firedrill');
  return join(env.HOME ?? homedir(), '.cache', 'firedrill');
}

/** Folders of the cached versions of a bundle, newest first. */
export async function cachedVersions(cacheDir: string, bundle: BundleName): Promise<string[]> {
  const folder = join(cacheDir, 'tools', bundle);
  const versions = (await readdir(folder).catch(() => [])).filter((name) => /^\d/.test(name));
  return versions.sort((a, b) => compareVersions(b, a)).map((version) => join(folder, version));
}

/**
 * Fills a new version folder of a bundle: `fill` works in a folder of its own and names the version; only then, by one
 * rename, does the result appear in the cache. Resolves with the version folder, or with the reason why there is none.
 */
export async function publish(
  cacheDir: string,
  bundle: BundleName,
  fill: (into: string) => Promise<{ version: string } | { reason: string }>,
): Promise<{ folder: string } | { reason: string }> {
  const parent = join(cacheDir, 'tools', bundle);
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const into = join(parent, `.new.${processIdentity(process.pid)}.${randomBytes(4).toString('hex')}`);
  await mkdir(into);
  try {
    const filled = await fill(into);
    if ('reason' in filled) return filled;
    const folder = join(parent, filled.version);
    // Whoever installs holds the lock and found nothing usable here: what lies at this place is broken.
    await rm(folder, { recursive: true, force: true });
    await rename(into, folder);
    return { folder };
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

/** An install that was killed leaves its folder behind. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name.startsWith('.new.') && !isAlive(name.slice('.new.'.length))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}
