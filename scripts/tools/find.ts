import { delimiter, join, resolve } from 'node:path';
import { HarnessError } from '../process/harness-error.ts';
import { cachedVersions } from './cache.ts';
import type { Attempt, ResolvedTool, ToolSource, ToolSpec } from './tool.ts';
import { compareVersions, readVersion } from './version.ts';

/** A tool that can be used, or every place that was tried and why it did not serve. */
export type Finding = { readonly resolved: ResolvedTool } | { readonly tried: readonly Attempt[] };

interface FindOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks for a tool that is there already: its variable, then PATH, then the cache. One that is too old is noted, and the
 * next place tried.
 * @throws HarnessError when the variable is set, but does not lead to a usable tool.
 */
export async function findTool(spec: ToolSpec, { env, cacheDir, signal }: FindOptions): Promise<Finding> {
  const explicit = env[spec.variable];
  if (explicit !== undefined && explicit !== '') {
    const result = await judge(spec, resolve(explicit), 'variable', signal);
    if ('tool' in result) return { resolved: result };
    throw new HarnessError(`${spec.variable} does not lead to a usable ${spec.tool}`, {
      reason: `${spec.variable}=${explicit}: ${result.reason}`,
      hint: `fix: set it to the path of ${spec.tool} ${spec.minimum} or later, or unset it to have one found or installed`,
    });
  }
  const tried: Attempt[] = [{ place: spec.variable, reason: 'not set' }];
  for (const source of ['path', 'cache'] as const) {
    const found = source === 'path' ? onPath(spec, env) : await inCache(spec, cacheDir);
    const before = tried.length;
    for (const path of found) {
      const result = await judge(spec, path, source, signal);
      if ('tool' in result) return { resolved: result };
      if (result.reason !== 'no such file') tried.push({ place: path, reason: result.reason });
    }
    if (tried.length === before)
      tried.push({ place: source === 'path' ? 'PATH' : cacheDir, reason: `no ${spec.tool}` });
  }
  return { tried };
}

async function judge(
  spec: ToolSpec,
  path: string,
  source: ToolSource,
  signal: AbortSignal | undefined,
): Promise<ResolvedTool | { readonly reason: string }> {
  const reading = await readVersion(spec.tool, path, signal);
  if ('reason' in reading) return reading;
  if (compareVersions(reading.version, spec.minimum) < 0) {
    return { reason: `is version ${reading.version}, at least ${spec.minimum} is needed` };
  }
  return { tool: spec.tool, path, version: reading.version, source };
}

function onPath({ programs }: ToolSpec, env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => programs.map((program) => resolve(folder, program)));
}

async function inCache({ bundle, tool }: ToolSpec, cacheDir: string): Promise<string[]> {
  return (await cachedVersions(cacheDir, bundle)).map((folder) => join(folder, tool));
}
