import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../process/managed.ts';
import { resolveTool } from '../tools/resolve.ts';

const READY_MS = 20_000;

/** A real blackbox_exporter on a free port of loopback. */
export async function startBlackboxExporter(config: string): Promise<{ url: string; pid: number } & AsyncDisposable> {
  const { path } = await resolveTool('blackbox_exporter');
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-blackbox-'));
  const file = join(dir, 'blackbox.yml');
  await writeFile(file, config);
  const server = await startProcess({
    name: 'blackbox_exporter',
    file: path,
    args: [`--config.file=${file}`, '--web.listen-address=127.0.0.1:0'],
    cwd: dir,
  });
  const stop = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const [, port] = await server.waitForLine(/Listening on.*address=127\.0\.0\.1:(\d+)/, READY_MS);
    return { url: `http://127.0.0.1:${port}`, pid: server.pid, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
