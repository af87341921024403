import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withMachineLock } from '../process/machine-lock.ts';
import { type CommandResult, runCommand } from '../process/run-command.ts';
import type { InstallContext, InstallMethod } from './tool.ts';

const TIMEOUT_MS = 5 * 60_000;

interface AptDownload {
  readonly debianPackage: string;
  /** Tool name to its path inside the package. */
  readonly programs: Readonly<Record<string, string>>;
  /**
   * Makes the programs in `into` work outside of the system's own folders; `unpacked` is the root of the package's files.
   * Resolves with null when it worked, else with the reason.
   */
  readonly finish?: (folders: { readonly into: string; readonly unpacked: string }) => Promise<string | null>;
}

/**
 * Downloads a Debian package and unpacks it, without installing it: no root, no service, no change to the system.
 * apt checks the package against the distribution's signed lists.
 */
export function aptDownload({ debianPackage, programs, finish }: AptDownload): InstallMethod {
  return {
    description: `apt-get download ${debianPackage}`,
    expectedSeconds: 5,
    async install(context) {
      const work = join(context.into, '.package');
      await mkdir(work);
      try {
        const file = await download(context, work);
        if (typeof file !== 'string') return file.reason;
        const unpacked = join(work, 'root');
        const result = await run(context, work, 'dpkg-deb', ['-x', file, unpacked]);
        if (!result.ok) return result.reason;
        for (const [tool, path] of Object.entries(programs)) {
          await rename(join(unpacked, path), join(context.into, tool));
          await chmod(join(context.into, tool), 0o755);
        }
        return (await finish?.({ into: context.into, unpacked })) ?? null;
      } catch (error) {
        return `${debianPackage}: ${error instanceof Error ? error.message : String(error)}`;
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };

  /** The package's file, first with the system's package lists, then with lists of firedrill's own: images often ship none. */
  async function download(context: InstallContext, work: string): Promise<string | { reason: string }> {
    const system = await run(context, work, 'apt-get', [...QUIET, 'download', debianPackage]);
    if (system.ok) return packageFile(work);
    if (system.reason.endsWith('is not installed')) return { reason: system.reason };
    const own = await ownState(context.cacheDir);
    const { cacheDir, signal } = context;
    // Two packages may be fetched at once, and apt refuses to update lists that another apt is updating.
    return withMachineLock({ cacheDir, name: 'apt', deadlineMs: 2 * TIMEOUT_MS, signal }, async () => {
      const update = await run(context, work, 'apt-get', [...QUIET, ...own, 'update']);
      if (!update.ok) return { reason: update.reason };
      const retried = await run(context, work, 'apt-get', [...QUIET, ...own, 'download', debianPackage]);
      return retried.ok ? packageFile(work) : { reason: retried.reason };
    });
  }
}

/** apt's sandbox user may not write into a private cache folder; it then warns and goes on as the caller anyhow. */
const QUIET = ['-q', '-o', 'APT::Sandbox::User=root'];

/** Options that move all that apt writes into the cache folder; the list of sources and the keys stay the system's. */
async function ownState(cacheDir: string): Promise<string[]> {
  const state = join(cacheDir, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'archives', 'partial'), { recursive: true });
  return ['-o', `Dir::State::lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${state}`];
}

async function packageFile(work: string): Promise<string | { reason: string }> {
  const file = (await readdir(work)).find((name) => name.endsWith('.deb'));
  return file === undefined ? { reason: 'apt-get download left no package' } : join(work, file);
}

function run(context: InstallContext, cwd: string, file: string, args: readonly string[]): Promise<CommandResult> {
  // Messages are read by people and shown in errors: the same in every locale.
  const env = { PATH: context.env.PATH ?? '', LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  return runCommand(file, args, { cwd, env, timeoutMs: TIMEOUT_MS, signal: context.signal });
}
