import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../../probes/connect.ts';
import { startAlertmanager } from '../../../scripts/stack/alertmanager.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { testRun } from '../../scripts/stack/helpers.ts';
import { context, httpSpec, options, runOnce, serveHttp, target, until } from '../support.ts';

/** A context whose name server answers so late. */
function slowNames(delayMs: number) {
  const lookup = () =>
    new Promise<{ address: string; family: number }>((resolve) => {
      setTimeout(() => resolve({ address: '127.0.0.1', family: 4 }), delayMs).unref();
    });
  return { ...context, connect: createConnector({ clock: context.clock, lookup }) };
}

describe('a slow name server', () => {
  it('takes its share of the duration, as the phase resolve', async () => {
    await using server = await serveHttp((_, response) => void response.end());
    const url = `http://shop.test:${server.port}`;
    const result = await runOnce(slowNames(120), target({ url, spec: httpSpec({ timeoutMs: 5_000 }) }), options());
    expect(result.outcome).toBe('success');
    expect(result.phases.resolve).toBeGreaterThan(0.11);
    expect(result.durationSeconds).toBeGreaterThan(result.phases.resolve ?? 0);
  });

  it('that answers after the deadline fails the run there, and the message says where', async () => {
    const spec = httpSpec({ timeoutMs: 100 });
    const result = await runOnce(slowNames(60_000), target({ url: 'http://shop.test:80', spec }), options());
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      detail: 'no end within 100 ms, at name resolution',
      phases: { connect: 0, tls: 0, processing: 0, transfer: 0 },
    });
    expect(result.phases.resolve).toBeGreaterThan(0.09);
  });
});

describe.skipIf(process.platform === 'win32')('a half-open connection', () => {
  it('is a timeout: the system of the server accepts it, and nobody is there to answer', async () => {
    const program =
      "const s=require('http').createServer((q,r)=>r.end()).listen(0,'127.0.0.1',()=>console.log(s.address().port))";
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    const shop = (timeoutMs: number) =>
      target({ url: `http://127.0.0.1:${Number(chunk.toString())}`, spec: httpSpec({ timeoutMs }) });
    expect((await runOnce(context, shop(5_000), options())).outcome).toBe('success');
    child.kill('SIGSTOP');
    const result = await runOnce(context, shop(150), options());
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      detail: 'no end within 150 ms, at waiting for the answer',
    });
    expect(result.phases.connect).toBeGreaterThan(0);
    child.kill('SIGCONT');
    expect((await runOnce(context, shop(5_000), options())).outcome).toBe('success');
  });
});

describe('a real Alertmanager', () => {
  it('is well while it runs, and refuses once it was killed', async () => {
    const { dir, scope } = await testRun();
    const tool = await resolveTool('alertmanager');
    const config = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n';
    const alertmanager = await startAlertmanager({ scope, tool, dir, config });
    const spec = httpSpec({ path: '/api/v2/status', timeoutMs: 5_000 });
    const look = () => runOnce(context, target({ url: alertmanager.url, spec }), options());
    expect(await look()).toMatchObject({ outcome: 'success', facts: { status: 200 } });
    process.kill(alertmanager.process.pid, 'SIGKILL');
    await until(async () => ((await look()).reason === 'refused' ? true : undefined));
  });
});
