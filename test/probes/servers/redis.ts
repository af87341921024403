import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../../scripts/process/managed.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { closedPort } from '../support.ts';

const READY_MS = 20_000;

/** A real redis on a free port of loopback, without a disk. `args` are options of redis-server, such as `--requirepass`. */
export async function startRedis(
  args: readonly string[] = [],
  { tls = false } = {},
): Promise<{ port: number; pid: number } & AsyncDisposable> {
  const { path } = await resolveTool('redis-server');
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-redis-'));
  const port = await closedPort();
  const ports = tls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`];
  const server = await startProcess({
    name: 'redis-server',
    file: path,
    args: [...ports, '--bind', '127.0.0.1', '--save', '', '--dir', dir, ...args],
    cwd: dir,
  });
  const stop = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  await server.waitForLine(/Ready to accept connections/, READY_MS).catch(async (error) => {
    await stop();
    throw error;
  });
  return { port, pid: server.pid, [Symbol.asyncDispose]: stop };
}
