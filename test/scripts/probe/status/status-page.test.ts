import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatusBoard } from '../../../../probes/history/status-board.ts';
import { findChromium } from '../../../chromium.ts';
import { until } from '../../../probes/support.ts';
import { type Behaviour, fillDay, observe, serveStatus } from './support.ts';

const browserPath = await findChromium();
/** Screenshots are the output of these tests that a person looks at. */
const SHOTS = join(import.meta.dirname, '../../../../coverage/screenshots');

let browser: Browser;
beforeAll(async () => {
  if (browserPath === null) return;
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
}, 60_000);
afterAll(() => browser?.close());

/** Opens a page; whatever the browser complains about fails the test at its end. */
async function open(url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return {
    page,
    shoot: (name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) }),
    async [Symbol.asyncDispose]() {
      await context.close();
      expect(complaints).toEqual([]);
    },
  };
}

const FIVE: [string, Behaviour][] = [
  ['shop/cart', 'up'],
  ['shop/till', 'down'],
  ['shop/search', 'degraded'],
  ['bank/ledger', 'maintenance'],
  ['bank/cards', 'unknown'],
];

async function serveFive() {
  const board = createStatusBoard();
  for (const [id] of FIVE) fillDay(board, id);
  for (const [id, behaviour] of FIVE) observe(board, id, behaviour);
  return serveStatus(board);
}

/** 2,000 targets in 20 systems, 3 of them down. */
async function serveMany() {
  const board = createStatusBoard();
  const now = Date.now();
  for (let index = 0; index < 2_000; index += 1) {
    const id = `system-${index % 20}/service-${index}`;
    for (let minute = 60; minute > 0; minute -= 1) observe(board, id, 'up', now - minute * 60_000);
    observe(board, id, [7, 707, 1_407].includes(index) ? 'down' : 'up', now);
  }
  return serveStatus(board);
}

const textOf = (page: Page, id: string) => page.locator(`[data-name="${id}"]`).innerText();
const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - window.innerWidth');

describe.skipIf(browserPath === null)('the status page in Chromium', { timeout: 60_000 }, () => {
  it('says in words how each target is, with uptime, budget and the last failure, without JavaScript', async () => {
    await using server = await serveFive();
    await using opened = await open(server.url, { javaScriptEnabled: false });
    const { page, shoot } = opened;
    await shoot('status-without-script');
    expect(await page.locator('#headline').innerText()).toBe('1 of 5 targets failing');
    for (const [id, behaviour] of FIVE) expect(await textOf(page, id)).toContain(behaviour);
    const till = await textOf(page, 'shop/till');
    expect(till).toMatch(/down since \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(till).toMatch(/8[45][.\d]* %/);
    expect(till).toContain(
      'timeout: no answer <b>within</b> 5 s after 5 s (resolve 0.4 ms, connect 2 ms, processing 4.99 s',
    );
    expect(await page.locator('.target .latency').count()).toBe(5);
    expect(await page.locator('.needs-script').first().isVisible()).toBe(false);
  });

  it.each([
    { name: 'status-light', options: { colorScheme: 'light' as const }, brighter: 'background' },
    { name: 'status-dark', options: { colorScheme: 'dark' as const }, brighter: 'text' },
  ])('follows the colours of the system: $name', async ({ name, options, brighter }) => {
    await using server = await serveFive();
    await using opened = await open(server.url, options);
    await opened.shoot(name);
    const [background = 0, text = 0] = (await opened.page.evaluate(
      `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color].map((color) => Number(color.match(/\\d+/)[0]))`,
    )) as number[];
    expect(background > text ? 'background' : 'text').toBe(brighter);
  });

  it('fits a phone: nothing to scroll sideways, everything there', async () => {
    await using server = await serveFive();
    await using opened = await open(server.url, { viewport: { width: 360, height: 740 }, isMobile: true });
    await opened.shoot('status-phone');
    expect(await overflow(opened.page)).toBeLessThanOrEqual(0);
    for (const label of ['1 h', '24 h', '30 d', 'budget left']) {
      expect(await opened.page.locator(`[data-name="shop/cart"] [data-label="${label}"]`).isVisible()).toBe(true);
    }
    await opened.page.goto(`${server.url}/targets/shop/till`);
    await opened.shoot('status-phone-target');
    expect(await overflow(opened.page)).toBeLessThanOrEqual(0);
  });

  it('changes while one looks, without a reload', async () => {
    await using server = await serveFive();
    await using opened = await open(server.url);
    const { page } = opened;
    await page.evaluate('window.untouched = true');
    await until(async () => ((await page.locator('#connection').innerText()) === 'live' ? true : undefined));
    observe(server.board, 'shop/cart', 'down');
    observe(server.board, 'shop/till', 'up');
    observe(server.board, 'shop/search', 'down');
    await until(async () => ((await textOf(page, 'shop/cart')).startsWith('cart\ndown') ? true : undefined));
    expect(await textOf(page, 'shop/till')).toContain('up');
    expect(await page.locator('#headline').innerText()).toBe('2 of 5 targets failing');
    expect(await page.title()).toContain('2 of 5');
    expect(await page.evaluate('window.untouched')).toBe(true);
  });

  it('shows a target that came with a reload of the configuration', async () => {
    await using server = await serveFive();
    await using opened = await open(server.url);
    await until(async () => ((await opened.page.locator('#connection').innerText()) === 'live' ? true : undefined));
    observe(server.board, 'bank/new', 'waiting');
    await until(async () => ((await opened.page.locator('[data-name="bank/new"]').count()) === 1 ? true : undefined));
    expect(await textOf(opened.page, 'bank/new')).toContain('waiting');
  });

  it('leads to the page of a target: where the time of its last failure went, and three windows', async () => {
    await using server = await serveFive();
    await using opened = await open(server.url);
    const { page, shoot } = opened;
    await page.locator('[data-name="shop/till"] a').click();
    await page.waitForURL('**/targets/shop/till');
    await shoot('status-target');
    expect(await page.locator('table').innerText()).toMatch(/processing\s+4\.99 s/);
    expect(await page.locator('.chart .latency').count()).toBe(3);
    await page.getByRole('link', { name: 'all targets' }).click();
    await page.waitForURL(`${server.url}/`);
  });

  it('stays usable with 2,000 targets: trouble first and unfolded, the rest folded, found by name', async () => {
    await using server = await serveMany();
    await using opened = await open(server.url);
    const { page, shoot } = opened;
    await shoot('status-2000');
    expect(await page.locator('#headline').innerText()).toBe('3 of 2,000 targets failing');
    expect(await page.locator('.target').count()).toBe(2_000);
    expect(await page.locator('details[open]').count()).toBe(1);
    const visible = await page.locator('details[open] .target').first().innerText();
    expect(visible).toContain('down');
    await page.locator('#find').fill('service-1999');
    await until(async () => ((await page.locator('.target:not(.filtered)').count()) === 1 ? true : undefined));
    expect(await page.locator('[data-name="system-19/service-1999"]').isVisible()).toBe(true);
    await page.locator('#find').fill('');
    await page.locator('#trouble').check();
    expect(await page.locator('.target').filter({ visible: true }).count()).toBe(3);
    observe(server.board, 'system-3/service-3', 'down');
    await until(async () => ((await page.locator('#headline').innerText()).startsWith('4 of') ? true : undefined));
  });
});

describe('the pages over HTTP', () => {
  it.each([
    { path: '/targets/shop/nothing', status: 404 },
    { path: '/targets/%E0%A4%A', status: 404 },
    { path: '/targets/shop/till', status: 200 },
    { path: '/status.css', status: 200 },
    { path: '/', status: 200 },
  ])('answers $path with $status', async ({ path, status }) => {
    await using server = await serveFive();
    const response = await fetch(`${server.url}${path}`);
    await response.text();
    expect(response.status).toBe(status);
    expect(server.errors).toEqual([]);
  });

  it('allows a page nothing inline and nothing from elsewhere', async () => {
    await using server = await serveFive();
    const response = await fetch(server.url);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/<script>|<style>| style=| on[a-z]+=/);
  });

  it('tells programs the same', async () => {
    await using server = await serveFive();
    const { targets } = (await (await fetch(`${server.url}/status.json`)).json()) as { targets: { target: string }[] };
    expect(targets.find(({ target }) => target === 'shop/till')).toMatchObject({
      state: 'down',
      lastFailure: { reason: 'timeout' },
      uptime: { hour: expect.closeTo(0.86, 1) },
      budgetLeft: expect.any(Number),
    });
  });

  it('answers before there is any target', async () => {
    await using server = await serveStatus();
    expect(await (await fetch(server.url)).text()).toContain('nothing to probe');
    expect(await (await fetch(`${server.url}/status.json`)).json()).toEqual({ targets: [] });
  });
});
