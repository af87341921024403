import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { NO_SINK } from '../../../probes/delivery/sink.ts';
import { startProbes } from '../../../probes/runner.ts';
import { serveProbes } from '../../../scripts/probe/serve.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { catalogueOf, httpSpec, serveHttp, until } from '../../probes/support.ts';

const DELIVERED = {
  samplesSent: 7,
  samplesDropped: 1,
  dropped: { 'queue-full': 1, stopped: 0, 'out-of-order': 0, duplicate: 0, 'too-old': 0, refused: 0 },
  samplesQueued: 2,
  retries: 3,
  lastError: '',
};

async function shop() {
  const web = await serveHttp((_, response) => void response.end('ok'));
  const runner = startProbes({
    catalogue: catalogueOf({ web: httpSpec() }),
    addresses: new Map([['shop/web', `http://127.0.0.1:${web.port}`]]),
    intervalMs: 50,
    sink: { ...NO_SINK, stats: () => DELIVERED },
  });
  return {
    runner,
    async [Symbol.asyncDispose]() {
      await runner.stop();
      await web[Symbol.asyncDispose]();
    },
  };
}

describe("the probes' own server", () => {
  it('serves a page that promtool accepts', async () => {
    await using services = await shop();
    const server = await serveProbes(services);
    const page = await until(async () => {
      const response = await fetch(`${server.url}/metrics`);
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      const text = await response.text();
      return text.includes('probe_success{') ? text : undefined;
    });
    expect(page).toMatch(/^probe_runs_skipped_total\{reason="overlap"\} \d+$/m);
    expect(page).toContain('probe_pushed_samples_total 7\n');
    const promtool = await resolveTool('promtool');
    const checked = await execa(promtool.path, ['check', 'metrics'], { input: page, reject: false, timeout: 10_000 });
    expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
    await server.stop();
  });

  it('says that it is healthy and ready, and knows no other page', async () => {
    await using services = await shop();
    const server = await serveProbes(services);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const status = async (path: string, method = 'GET') => (await fetch(server.url + path, { method })).status;
    expect([await status('/-/healthy'), await status('/-/ready'), await status('/etc')]).toEqual([200, 200, 404]);
    expect(await status('/metrics', 'POST')).toBe(405);
    await server.stop();
  });

  it('names the taken port, and the address that is none', async () => {
    await using services = await shop();
    const first = await serveProbes(services);
    const { host } = new URL(first.url);
    await expect(serveProbes({ ...services, listen: host })).rejects.toMatchObject({
      name: 'HarnessError',
      message: `cannot serve the probes' metrics on ${host}`,
      reason: 'the port is taken',
    });
    await first.stop();
    await expect(serveProbes({ ...services, listen: 'nine' })).rejects.toMatchObject({
      name: 'UsageError',
      message: '--listen nine is no address',
    });
  });
});
