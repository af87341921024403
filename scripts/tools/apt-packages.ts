import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withMachineLock } from '../process/machine-lock.ts';
import { type CommandResult, runCommand } from '../process/run-command.ts';
import type { InstallContext } from './tool.ts';

const TIMEOUT_MS = 5 * 60_000;

/** Names the packages to fetch, given options that say where apt's lists are. */
export type ChoosePackages = (
  apt: (args: readonly string[]) => Promise<CommandResult>,
) => Promise<readonly string[] | { reason: string }>;

/**
 * Downloads Debian packages and unpacks them below `work`, without installing them: no root, no service, no change to the system. apt
 * checks them against the distribution's signed lists. First with the system's package lists, then with lists of firedrill's own:
 * images often ship none.
 * @returns the root of the unpacked files, or the reason why there is none.
 */
export async function unpackPackages(
  context: InstallContext,
  work: string,
  choose: ChoosePackages,
): Promise<string | { reason: string }> {
  const system = await download(context, work, [], choose);
  if (system === null) return unpack(context, work);
  if (system.reason.endsWith('is not installed')) return system;
  const own = await ownState(context.cacheDir);
  const { cacheDir, signal } = context;
  // Two packages may be fetched at once, and apt refuses to update lists that another apt is updating.
  return withMachineLock({ cacheDir, name: 'apt', deadlineMs: 2 * TIMEOUT_MS, signal }, async () => {
    const update = await run(context, work, 'apt-get', [...QUIET, ...own, 'update']);
    if (!update.ok) return { reason: update.reason };
    return (await download(context, work, own, choose)) ?? unpack(context, work);
  });
}

/** apt's sandbox user may not write into a private cache folder; it then warns and goes on as the caller anyhow. */
const QUIET = ['-q', '-o', 'APT::Sandbox::User=root'];

async function download(context: InstallContext, work: string, options: readonly string[], choose: ChoosePackages) {
  const apt = (args: readonly string[]) => run(context, work, 'apt-get', [...QUIET, ...options, ...args]);
  const packages = await choose(apt);
  if ('reason' in packages) return packages;
  const result = await apt(['download', ...packages]);
  return result.ok ? null : { reason: result.reason };
}

async function unpack(context: InstallContext, work: string): Promise<string | { reason: string }> {
  const files = (await readdir(work)).filter((name) => name.endsWith('.deb'));
  if (files.length === 0) return { reason: 'apt-get download left no package' };
  const root = join(work, 'root');
  for (const file of files) {
    const result = await run(context, work, 'dpkg-deb', ['-x', join(work, file), root]);
    if (!result.ok) return { reason: result.reason };
  }
  return root;
}

/** Options that move all that apt writes into the cache folder; the list of sources and the keys stay the system's. */
async function ownState(cacheDir: string): Promise<string[]> {
  const state = join(cacheDir, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'archives', 'partial'), { recursive: true });
  return ['-o', `Dir::State::lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${state}`];
}

function run(context: InstallContext, cwd: string, file: string, args: readonly string[]): Promise<CommandResult> {
  // Messages are read by people and shown in errors: the same in every locale.
  const env = { PATH: context.env.PATH ?? '', LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  return runCommand(file, args, { cwd, env, timeoutMs: TIMEOUT_MS, signal: context.signal });
}
