import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackPackages } from './apt-packages.ts';
import type { InstallMethod } from './tool.ts';

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

/** Takes single programs out of one Debian package, without installing it. */
export function aptDownload({ debianPackage, programs, finish }: AptDownload): InstallMethod {
  return {
    description: `apt-get download ${debianPackage}`,
    expectedSeconds: 5,
    async install(context) {
      const work = join(context.into, '.package');
      await mkdir(work);
      try {
        const unpacked = await unpackPackages(context, work, async () => [debianPackage]);
        if (typeof unpacked !== 'string') return unpacked.reason;
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
}
