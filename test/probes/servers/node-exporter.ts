import { startProcess } from '../../../scripts/process/managed.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';

/** A real node exporter on a free port of loopback. */
export async function startNodeExporter(): Promise<{ port: number } & AsyncDisposable> {
  const { path } = await resolveTool('node_exporter');
  const exporter = await startProcess({
    name: 'node exporter',
    file: path,
    args: ['--web.listen-address=127.0.0.1:0', '--collector.disable-defaults', '--collector.loadavg'],
  });
  const stop = async () => void (await exporter.stop());
  const [, port] = await exporter.waitForLine(/[Ll]istening on.*127\.0\.0\.1:(\d+)/, 20_000).catch(async (error) => {
    await stop();
    throw error;
  });
  return { port: Number(port), [Symbol.asyncDispose]: stop };
}
