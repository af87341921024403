import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../scripts/process/identity.ts';
import { processTree } from './processes.ts';
import {
  cli,
  healthyServer,
  loadRow,
  readVerdict,
  run,
  startCli,
  temporaryFolder,
  until,
  webCatalogue,
  writeCatalogue,
} from './support.ts';

/** A load run of about a second on the two endpoints of {@link webCatalogue}; the probes watch a little longer. */
const LOAD = ['load', '--profile', 'smoke', '--duration', '1s'];
const CLOSED_PORT = 'http://127.0.0.1:1';
const fixture = (name: string) => join(import.meta.dirname, 'fixtures', `${name}.ts`);

describe('a load run', () => {
  test('passes on a healthy service', async () => {
    const { code, verdict } = await run([...LOAD, '--catalogue', webCatalogue(await healthyServer())]);
    expect(verdict).toMatchObject({ outcome: 'pass', command: 'load' });
    expect(verdict?.load.map(({ endpoint, objective, outcome }) => [endpoint, objective, outcome])).toEqual([
      ['GET /a', 'p50', 'pass'],
      ['GET /a', 'success', 'pass'],
      ['GET /b', 'p50', 'pass'],
      ['GET /b', 'success', 'pass'],
    ]);
    expect(code).toBe(0);
  });

  test('fails when the service is down from the start', async () => {
    const { code, verdict } = await run([...LOAD, '--catalogue', webCatalogue(CLOSED_PORT)]);
    expect(verdict?.outcome).toBe('fail');
    expect(loadRow(verdict, 'GET /a', 'success')).toMatchObject({ outcome: 'fail', measured: 0 });
    expect(loadRow(verdict, 'GET /a', 'success')?.reason).toContain('connection refused');
    expect(verdict?.probes[0]).toMatchObject({ target: 'shop/web', outcome: 'fail' });
    expect(code).toBe(1);
  });

  test('is inconclusive when the scenario never hits an endpoint', async () => {
    const catalogue = webCatalogue(await healthyServer());
    const { code, verdict } = await run([...LOAD, '--catalogue', catalogue, '--scenarios', fixture('skips-b')]);
    expect(loadRow(verdict, 'GET /a', 'success')).toMatchObject({ outcome: 'pass' });
    expect(loadRow(verdict, 'GET /b', 'success')).toMatchObject({ outcome: 'inconclusive', samples: 0 });
    expect(loadRow(verdict, 'GET /b', 'success')?.reason).toContain('endpoint never hit');
    expect(code).toBe(4);
  });

  test('is inconclusive when the scenario mistypes the tag of its row', async () => {
    const catalogue = webCatalogue(await healthyServer());
    const { code, verdict } = await run([...LOAD, '--catalogue', catalogue, '--scenarios', fixture('mistyped-tag')]);
    expect(loadRow(verdict, 'GET /a', 'success')).toMatchObject({ outcome: 'inconclusive', samples: 0 });
    expect(verdict?.harness.problems[0]).toMatchObject({ phase: 'load', outcome: 'inconclusive' });
    expect(verdict?.harness.problems[0]?.reason).toContain('tags its requests with a row that is not in the plan');
    expect(code).toBe(4);
  });

  test('is broken when the scenario throws', async () => {
    const catalogue = webCatalogue(await healthyServer());
    const { code, verdict } = await run([...LOAD, '--catalogue', catalogue, '--scenarios', fixture('throws')]);
    expect(verdict?.outcome).toBe('broken');
    expect(verdict?.harness.problems[0]).toMatchObject({ phase: 'load', outcome: 'broken' });
    expect(verdict?.harness.problems[0]?.reason).toMatch(
      /^the scenario threw in \d+ iterations: TypeError: no such field/,
    );
    expect(code).toBe(3);
  });

  test('is inconclusive when it may send a single request', async () => {
    const catalogue = webCatalogue(await healthyServer());
    const { code, verdict } = await run([...LOAD, '--catalogue', catalogue, '--max-requests', '1']);
    expect(verdict?.load.every(({ outcome }) => outcome === 'inconclusive')).toBe(true);
    expect(code).toBe(4);
  });
});

describe('what firedrill itself needs', () => {
  test('k6 missing is broken, and says which variable named it', async () => {
    const env = { FIREDRILL_K6: '/no/such/k6' };
    const { code, verdict, stdout } = await run([...LOAD, '--catalogue', webCatalogue(CLOSED_PORT)], { env });
    expect(verdict).toMatchObject({ outcome: 'broken', load: [], probes: [] });
    expect(verdict?.harness.problems[0]?.reason).toContain('FIREDRILL_K6');
    expect(stdout).toContain('/no/such/k6');
    expect(code).toBe(3);
  });

  test.runIf(process.platform === 'linux')(
    'Prometheus killed in the middle is broken, what was measured is kept',
    async () => {
      const catalogue = webCatalogue(await healthyServer());
      const out = join(temporaryFolder(), 'out');
      const args = ['load', '--profile', 'smoke', '--duration', '40s', '--catalogue', catalogue, '--out', out];
      const running = startCli(args);
      const own = () => processTree(running.pid);
      await until('k6', () => own().find(({ command }) => command.includes('k6 run')), { running });
      const prometheus = own().find(
        ({ cwd, command }) => cwd.startsWith(out) && command.includes('--config.file=prometheus.yml'),
      );
      // Long enough for a few requests to have been sent.
      const hits = Date.now() + 2_000;
      await until('some requests', () => Date.now() > hits, { running });
      process.kill(prometheus?.pid ?? 0, 'SIGKILL');
      const { code, stdout } = await running.exited;
      const verdict = readVerdict(out);
      expect(verdict?.outcome).toBe('broken');
      expect(verdict?.harness.problems.map(({ reason }) => reason).join('\n')).toMatch(/Prometheus .*SIGKILL/s);
      expect(stdout).toContain('BROKEN');
      expect(verdict?.load.length).toBe(4);
      expect(loadRow(verdict, 'GET /a', 'success')?.samples).toBeGreaterThan(0);
      expect(verdict?.probes[0]?.runs).toBeGreaterThan(0);
      expect(code).toBe(3);
    },
  );

  test('an exception that nobody foresaw is broken, never a broken promise', async () => {
    const hook = `if (process.argv[1].endsWith('cli.ts')) setTimeout(() => { throw new RangeError('boom'); }, 1_500);`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
    const { code, stderr } = await run([...LOAD, '--catalogue', webCatalogue(CLOSED_PORT)], { env });
    expect(stderr).toContain('firedrill: a fault of its own: RangeError: boom');
    expect(code).toBe(3);
  });

  test.runIf(process.platform === 'linux')(
    'a firedrill killed from outside is broken, and leaves no process',
    async () => {
      const catalogue = webCatalogue(await healthyServer());
      const running = startCli([
        ...LOAD.slice(0, 3),
        '--duration',
        '40s',
        '--catalogue',
        catalogue,
        '--out',
        temporaryFolder(),
      ]);
      await until('k6', () => processTree(running.pid).some(({ command }) => command.includes('k6 run')), { running });
      const seen = processTree(running.pid);
      process.kill(
        seen.find(({ command }) => command.includes('scripts/cli.ts') && !command.includes('bootstrap'))?.pid ?? 0,
        'SIGKILL',
      );
      expect(await running.exited).toMatchObject({ code: 3, stderr: expect.stringContaining('was killed by SIGKILL') });
      await until('the end of its processes', () => seen.every(({ identity }) => !isAlive(identity)), {
        deadlineMs: 5_000,
      });
    },
  );

  test('a taken port of the simulated fleet is broken and named', async () => {
    const port = await takenPort();
    const catalogue = writeCatalogue(`
system: shop
title: Web shop
team: shop
services: [{id: web, kind: http, address: 'fleet:', port: ${port}, endpoints: [{path: /a}]}]
`);
    const { code, stderr } = await cli(['up', '--own-ports', '--system', 'shop', '--catalogue', catalogue]);
    expect(stderr).toContain(String(port));
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(3);
  });

  test('a taken --listen of the probes is broken and named', async () => {
    const port = await takenPort();
    const catalogue = webCatalogue(await healthyServer());
    const { code, stderr } = await cli(['probe', '--catalogue', catalogue, '--listen', `127.0.0.1:${port}`]);
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).toContain('the port is taken');
    expect(code).toBe(3);
  });
});

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}
