import { readFileSync } from 'node:fs';

/**
 * A name for a process that no later process on this machine shares: its pid and its start time. Where the system has no
 * /proc the start time is "0" and a pid that was given out anew cannot be told from the old process.
 */
export function processIdentity(pid: number): string {
  return `${pid}.${startTime(pid) ?? '0'}`;
}

/** True while the process of that {@link processIdentity} lives. False for anything that is no identity. */
export function isAlive(identity: string): boolean {
  const [pidText = '', started = ''] = identity.split('.');
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTime(pid);
  return now === undefined ? process.platform !== 'linux' : started === '0' || now === started;
}

/** Clock ticks after boot at which it started; undefined for a process that has gone, is a zombie, or without /proc. */
function startTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the name in brackets and may hold anything, brackets and spaces included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
