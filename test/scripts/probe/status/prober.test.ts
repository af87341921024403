import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium } from '../../../chromium.ts';
import { serveHttp, until } from '../../../probes/support.ts';

const CLI = fileURLToPath(new URL('../../../../scripts/cli.ts', import.meta.url));
const STARTED_WITHIN_MS = 30_000;

const browserPath = await findChromium();
let browser: Browser;
beforeAll(async () => {
  if (browserPath === null) return;
  browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
}, 60_000);
afterAll(() => browser?.close());

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-status-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** `firedrill probe` as a person would run it, with the address that it tells. */
async function startProber(args: string[], env: Record<string, string> = {}) {
  const child = execa(process.execPath, [CLI, 'probe', ...args], { reject: false, all: true, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let ended = false;
  void child.then(() => {
    ended = true;
  });
  let printed = '';
  child.all.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const url = await until(() => {
    if (ended) throw new Error(printed);
    return /status page at (http:\S+)\/,/.exec(printed)?.[1];
  }, STARTED_WITHIN_MS);
  return {
    url,
    printed: () => printed,
    async stop() {
      child.kill('SIGINT');
      expect((await child).exitCode).toBe(130);
    },
  };
}

interface Told {
  target: string;
  state: string;
  uptime: { hour: number | null };
  last: object | null;
  lastFailure: { reason: string; atMs: number; phases: object } | null;
}

async function statusOf(url: string): Promise<Told[]> {
  return ((await (await fetch(`${url}/status.json`)).json()) as { targets: Told[] }).targets;
}

const timing = 'interval: 500ms, timeout: 400ms';

describe('the status page of a prober', { timeout: 120_000 }, () => {
  it.skipIf(browserPath === null)(
    'shows every service of the catalogue, and after a restart what it knew before',
    async () => {
      let well = false;
      await using shop = await serveHttp((_, response) => void response.writeHead(well ? 200 : 503).end());
      const catalogue = await temporaryFolder();
      const state = join(await temporaryFolder(), 'kept');
      await writeFile(
        join(catalogue, 'shop.yaml'),
        `system: shop
services:
  - { id: web, kind: http, address: 'fleet:', endpoints: [{ path: /health }], probe: { kind: http, path: /health, ${timing} } }
  - { id: cache, kind: datastore, engine: redis, address: 'fleet:', probe: { kind: redis, ${timing} } }
  - { id: till, kind: exporter, address: 'http://127.0.0.1:${shop.port}', scrape: false, probe: { kind: http, path: /, ${timing} } }
  - { id: report, maintenance: [{ from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' }], kind: exporter, address: 'http://127.0.0.1:${shop.port}', scrape: false, probe: { kind: http, path: /, ${timing} } }
`,
      );
      const args = ['--catalogue', catalogue, '--state', state];
      const first = await startProber(args);
      const context = await browser.newContext();
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(first.url);
      const stateOf = (target: string) => page.locator(`[data-name="${target}"] .state b`).innerText();
      await until(async () => ((await stateOf('shop/till')) === 'down' ? true : undefined), 20_000);
      await until(async () => ((await stateOf('shop/web')) === 'up' ? true : undefined), 20_000);
      await until(async () => ((await stateOf('shop/cache')) === 'up' ? true : undefined), 20_000);
      await until(async () => ((await stateOf('shop/report')) === 'maintenance' ? true : undefined), 20_000);
      expect(await page.locator('#headline').innerText()).toBe('1 of 4 targets failing');
      expect(await page.locator('[data-name="shop/till"] .why').innerText()).toContain('status 503, expected 200');
      await first.stop();

      well = true;
      const second = await startProber(args);
      expect(second.printed()).not.toContain('history');
      await page.goto(second.url);
      await until(async () => ((await stateOf('shop/till')) === 'up' ? true : undefined), 20_000);
      const told = new Map((await statusOf(second.url)).map((status) => [status.target, status]));
      const till = told.get('shop/till');
      expect(till?.lastFailure).toMatchObject({ reason: 'status', phases: { processing: expect.any(Number) } });
      expect(till?.uptime.hour).toBeGreaterThan(0);
      expect(till?.uptime.hour).toBeLessThan(1);
      expect(told.get('shop/web')?.uptime.hour).toBe(1);
      // Runs in maintenance count neither way, before and after.
      expect(told.get('shop/report')).toMatchObject({ state: 'maintenance', uptime: { hour: null } });
      await page.goto(`${second.url}/targets/shop/till`);
      expect(await page.locator('h2:has-text("Last failure") + p').innerText()).toContain('status 503, expected 200');
      await second.stop();
    },
  );

  it.skipIf(browserPath === null)('asks for credentials, and is live for a browser that has them', async () => {
    let status = 200;
    await using shop = await serveHttp((_, response) => void response.writeHead(status).end());
    const catalogue = await temporaryFolder();
    await writeFile(
      join(catalogue, 'shop.yaml'),
      `system: shop\nservices:\n  - { id: web, kind: exporter, address: 'http://127.0.0.1:${shop.port}', scrape: false, probe: { kind: http, path: /, ${timing} } }\n`,
    );
    const prober = await startProber(['--catalogue', catalogue, '--auth', 'basic:ops=env:PAGES'], {
      PAGES: 'open:sesame',
    });
    for (const path of ['/', '/events', '/status.json', '/targets/shop/web', '/status.css', '/status.js']) {
      expect((await fetch(prober.url + path)).status).toBe(401);
    }
    const context = await browser.newContext({ httpCredentials: { username: 'ops', password: 'open:sesame' } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(prober.url);
    await until(async () => ((await page.locator('#connection').innerText()) === 'live' ? true : undefined), 20_000);
    status = 500;
    await until(async () => ((await page.locator('.state b').innerText()) === 'down' ? true : undefined), 20_000);
    await prober.stop();
  });

  it('uses a folder of its own, and says so where it cannot', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const wrong = await execa(process.execPath, [CLI, 'probe', '--state', join(folder, 'file')], { reject: false });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toMatch(/--state .*file cannot be used: .*\n.*give a folder/);
  });
});
