import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, runCommand } from '../process/run-command.ts';
import type { InstallContext, InstallMethod } from './tool.ts';

/** A cold build of the largest tool takes 4 minutes on two busy cores; modules have to be fetched before. */
const TIMEOUT_MS = 20 * 60_000;

/** Where Prometheus's programs keep the version that they print; a plain `go build` leaves it empty. */
const VERSION_SYMBOL = 'github.com/prometheus/common/version.Version';

interface GoInstall {
  /** Each as `path@version`. */
  readonly packages: readonly string[];
  /** Written into the program, for modules that take their version from the linker. */
  readonly version?: string;
  readonly expectedSeconds: number;
}

/** `go install` of pinned packages; Go checks each module against its public checksum database. */
export function goInstall({ packages, version, expectedSeconds }: GoInstall): InstallMethod {
  return {
    description: `go install ${packages.join(' ')}`,
    expectedSeconds,
    install: (context) =>
      withoutWorkFolder(context, async (work) => {
        for (const target of packages) {
          const result = await go(context, work, ['install', ...linkerFlags(version), target]);
          if (!result.ok) return result.reason;
        }
        return null;
      }),
  };
}

interface GoBuild {
  /** As `path@version`. */
  readonly module: string;
  /** Packages of that module; each program gets the last part of its path as name. */
  readonly packages: readonly string[];
  readonly version: string;
  readonly tags: readonly string[];
  readonly expectedSeconds: number;
}

/** Builds a pinned module from a throw-away main module: `go install` refuses modules with replace directives. */
export function goBuild({ module, packages, version, tags, expectedSeconds }: GoBuild): InstallMethod {
  return {
    description: `go build ${module}`,
    expectedSeconds,
    install: (context) =>
      withoutWorkFolder(context, async (work) => {
        const [, moduleVersion = ''] = module.split('@');
        const steps = [
          ['mod', 'init', 'firedrill.invalid/tools'],
          ['get', ...packages.map((target) => `${target}@${moduleVersion}`)],
          ['build', '-tags', tags.join(','), ...linkerFlags(version), '-o', `${context.into}/`, ...packages],
        ];
        for (const step of steps) {
          const result = await go(context, work, step);
          if (!result.ok) return result.reason;
        }
        return null;
      }),
  };
}

function go(context: InstallContext, cwd: string, args: readonly string[]): Promise<CommandResult> {
  // GOFLAGS and GOWORK of the user's own projects (-mod=vendor, a workspace) would break a build outside of them.
  const env = { PATH: context.env.PATH ?? '', GOBIN: context.into, GOFLAGS: '', GOWORK: 'off' };
  return runCommand('go', args, { cwd, env, timeoutMs: TIMEOUT_MS, signal: context.signal });
}

function linkerFlags(version: string | undefined): string[] {
  return version === undefined ? [] : [`-ldflags=-X ${VERSION_SYMBOL}=${version}`];
}

/** Builds in a folder that is gone afterwards, so that only programs stay in the cache. */
async function withoutWorkFolder(
  { into }: InstallContext,
  build: (work: string) => Promise<string | null>,
): Promise<string | null> {
  const work = join(into, '.build');
  await mkdir(work);
  try {
    return await build(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
