import { chown, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ManagedProcess, startProcess } from '../../../scripts/process/managed.ts';
import { runCommand } from '../../../scripts/process/run-command.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { closedPort } from '../support.ts';

/** `nobody` and `nogroup`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const READY_MS = 30_000;

export interface PostgresServer extends AsyncDisposable {
  port: number;
  /** Ends the server and starts it again on the same data and port with these options. */
  restart(args: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  /** The folder with its data. */
  data: string;
}

/**
 * A real PostgreSQL with the superuser `postgres`, password `s3cret`, on a free port of loopback.
 * @param args options of the server, such as `-c max_connections=5`.
 * @param hba lines of pg_hba.conf.
 */
export async function startPostgres(
  args: readonly string[] = [],
  {
    hba = ['host all all 127.0.0.1/32 scram-sha-256'],
    files = {},
  }: { hba?: string[]; files?: Record<string, string> } = {},
): Promise<PostgresServer> {
  const root = process.getuid?.() === 0;
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-postgres-'));
  const data = join(dir, 'data');
  const programs = await programsFor(root, dir);
  const passwordFile = join(dir, 'password');
  await writeFile(passwordFile, 's3cret\n');
  for (const path of root ? [dir, passwordFile] : []) await chown(path, NOBODY, NOBODY);
  const initdb = asServerUser(root, programs.initdb, [
    ...['-D', data, '-U', 'postgres', '--pwfile', passwordFile, '--auth-host', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--no-locale', '--no-sync', '--no-instructions'],
  ]);
  const made = await runCommand(initdb.file, initdb.args, {
    cwd: dir,
    env: { PATH: process.env.PATH ?? '' },
    timeoutMs: 60_000,
  });
  if (!made.ok) throw new Error(`initdb: ${made.reason}\n${made.output.slice(-2_000)}`);
  await writeFile(join(data, 'pg_hba.conf'), `${hba.join('\n')}\n`);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(data, name), text, { mode: 0o600 });
    if (root) await chown(join(data, name), NOBODY, NOBODY);
  }
  const port = await closedPort();
  const start = async (more: readonly string[]) => {
    const { file, args } = asServerUser(root, programs.postgres, [
      ...['-D', data, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...['-c', 'fsync=off', '-c', 'shared_buffers=8MB', ...more],
    ]);
    const server = await startProcess({ name: 'postgres', file, args: [...args], cwd: dir });
    await server.waitForLine(/ready to accept (read-only )?connections/, READY_MS);
    return server;
  };
  let server: ManagedProcess = await start(args);
  return {
    port,
    data,
    async restart(more) {
      await server.stop();
      server = await start(more);
    },
    stop: async () => void (await server.stop()),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function asServerUser(root: boolean, file: string, args: readonly string[]) {
  if (!root) return { file, args };
  return { file: 'setpriv', args: [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', file, ...args] };
}

/** The programs; where the server's user cannot read them, since they lie in root's own cache, a copy of them. */
async function programsFor(root: boolean, dir: string): Promise<{ postgres: string; initdb: string }> {
  const [postgres, initdb] = await Promise.all([resolveTool('postgres'), resolveTool('initdb')]);
  const found = { postgres: postgres.path, initdb: initdb.path };
  const { file, args } = asServerUser(root, found.postgres, ['--version']);
  const env = { PATH: process.env.PATH ?? '' };
  if (!root || (await runCommand(file, args, { cwd: dir, env, timeoutMs: 20_000 })).ok) return found;
  const copy = join(dir, 'programs');
  const folder = dirname(found.postgres);
  for (const name of await readdir(folder))
    await cp(join(folder, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  return { postgres: join(copy, 'postgres'), initdb: join(copy, 'initdb') };
}
