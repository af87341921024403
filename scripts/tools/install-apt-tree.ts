import { chmod, glob, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChoosePackages, unpackPackages } from './apt-packages.ts';
import type { InstallMethod } from './tool.ts';

interface AptTree {
  readonly debianPackage: string;
  /** Tool name to its path inside the packages; `*` stands for a version. */
  readonly programs: Readonly<Record<string, string>>;
  /** Of all that apt would install, only these. */
  readonly only: RegExp;
}

/**
 * Unpacks a Debian package with those that it depends on and that the system lacks, and keeps them as a tree: for programs that
 * need their own libraries and files. Each tool becomes a short script that starts it on the libraries of the tree.
 */
export function aptTree({ debianPackage, programs, only }: AptTree): InstallMethod {
  const choose: ChoosePackages = async (apt) => {
    const plan = await apt(['-s', '--no-install-recommends', 'install', debianPackage]);
    if (!plan.ok) return { reason: plan.reason };
    const names = [...plan.stdout.matchAll(/^Inst (\S+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => only.test(name));
    return names.length > 0 ? names : [debianPackage];
  };
  return {
    description: `apt-get download ${debianPackage} and what it needs`,
    expectedSeconds: 20,
    async install(context) {
      const work = join(context.into, '.package');
      const tree = join(context.into, 'tree');
      await mkdir(work);
      try {
        const unpacked = await unpackPackages(context, work, choose);
        if (typeof unpacked !== 'string') return unpacked.reason;
        await rename(unpacked, tree);
        const libraries = await libraryFolders(tree);
        for (const [tool, pattern] of Object.entries(programs)) {
          let path: string | undefined;
          for await (const found of glob(pattern, { cwd: tree })) path = found;
          if (path === undefined) return `${debianPackage} holds no ${pattern}`;
          const script = join(context.into, tool);
          await writeFile(script, startScript(path, libraries));
          await chmod(script, 0o755);
        }
        return null;
      } catch (error) {
        return `${debianPackage}: ${error instanceof Error ? error.message : String(error)}`;
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}

/** Folders such as `usr/lib/x86_64-linux-gnu`. */
async function libraryFolders(tree: string): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    const names = await readdir(join(tree, parent)).catch(() => []);
    folders.push(...names.filter((name) => name.includes('-linux-')).map((name) => `${parent}/${name}`));
  }
  return folders;
}

function startScript(program: string, libraries: readonly string[]): string {
  const path = libraries.map((folder) => `$here/tree/${folder}`).join(':');
  return `#!/bin/sh
# Debian's program, unpacked by firedrill: runs on the libraries beside it.
here=$(dirname "$(readlink -f "$0")")
${path === '' ? '' : `export LD_LIBRARY_PATH="${path}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\n`}exec "$here/tree/${program}" "$@"
`;
}
