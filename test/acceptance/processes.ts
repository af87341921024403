import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { processIdentity } from '../../scripts/process/identity.ts';

/** A process as /proc shows it. */
export interface SeenProcess {
  pid: number;
  /** Stays unique when the pid is given out anew. */
  identity: string;
  command: string;
  cwd: string;
  /** TCP ports that it listens on. */
  ports: number[];
}

/** Every living descendant of a process, itself first. Linux only. */
export function processTree(root: number): SeenProcess[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? parentOf(pid) : null;
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: SeenProcess[] = [];
  const visit = (pid: number) => {
    const seen = look(pid);
    if (seen !== null) found.push(seen);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return found;
}

/** True when nobody listens on a port of loopback. */
export function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}

function parentOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function look(pid: number): SeenProcess | null {
  const command = read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
  // A zombie has no command line.
  if (!command) return null;
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    return { pid, identity: processIdentity(pid), command, cwd, ports: listeningPorts(pid) };
  } catch {
    return null;
  }
}

function listeningPorts(pid: number): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    (read(`/proc/${pid}/net/${table}`) ?? '').split('\n').flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      return state === '0A' && sockets.has(inode) ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
    }),
  );
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
