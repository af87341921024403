import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { runCommand } from '../process/run-command.ts';
import type { ToolName } from './tool.ts';

/** A version that was read, or the reason why there is none. */
export type VersionReading = { readonly version: string } | { readonly reason: string };

/** `--version` takes 50 ms; the rest is for a machine under full load. */
const TIMEOUT_MS = 20_000;

/** Runs `<path> --version` and checks that the program says that it is that tool. Never rejects. */
export async function readVersion(tool: ToolName, path: string, signal?: AbortSignal): Promise<VersionReading> {
  const unusable = await whyNotRunnable(path);
  if (unusable !== null) return { reason: unusable };
  const result = await runCommand(path, ['--version'], { timeoutMs: TIMEOUT_MS, signal });
  if (!result.ok) return { reason: `--version failed: ${result.reason}` };
  const version = parseVersion(tool, result.output);
  if (version !== null) return { version };
  const [first = ''] = result.output.split('\n');
  return { reason: `--version does not name ${tool} and its version, it says "${first.slice(0, 60)}"` };
}

/** The version in what `--version` printed ("k6 v1.8.1 (...)", "promtool, version 2.42.0+ds (...)"); null if it is not that tool. */
export function parseVersion(tool: ToolName, output: string): string | null {
  return (UNUSUAL[tool] ?? new RegExp(`^${tool}(?:,? version)? v?(\\d+\\.\\d+\\.\\d+)`, 'm')).exec(output)?.[1] ?? null;
}

/** Tools that name themselves and their version in another way. */
const UNUSUAL: Partial<Record<ToolName, RegExp>> = {
  'redis-server': /^Redis server v=(\d+\.\d+\.\d+)/m,
  postgres: /^postgres \(PostgreSQL\) (\d+\.\d+)/m,
  initdb: /^initdb \(PostgreSQL\) (\d+\.\d+)/m,
};

/** Negative when `a` is older than `b`, positive when newer, 0 when the same. Missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let part = 0; part < 3; part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function whyNotRunnable(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 'no such file';
  if (!found.isFile()) return 'not a file';
  return access(path, constants.X_OK).then(
    () => null,
    () => 'not executable',
  );
}
