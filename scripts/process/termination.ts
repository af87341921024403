import { existsSync } from 'node:fs';
import type { ExitStatus } from './process-failure.ts';

const SETPRIV = '/usr/bin/setpriv';

/** Sends a signal to a process that leads its own group, and to its descendants in that group. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has gone: nothing is left to signal.
  }
}

/** SIGTERM to the group, SIGKILL when the process has not ended after `graceMs`. */
export async function terminate(pid: number, exited: Promise<ExitStatus>, graceMs: number): Promise<ExitStatus> {
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  const status = await exited;
  clearTimeout(timer);
  return status;
}

/**
 * The command that makes the kernel kill the program when this process ends in whatever way: it runs under
 * `setpriv --pdeathsig`, which replaces itself by it (same pid, same output). The command itself where that is missing.
 */
export function dieWithParent(file: string, args: readonly string[]): [string, readonly string[]] {
  if (process.platform !== 'linux' || !file.includes('/') || !existsSync(SETPRIV)) return [file, args];
  return [SETPRIV, ['--pdeathsig', 'KILL', '--', file, ...args]];
}
