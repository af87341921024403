import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderDrillPage } from '../../../../scripts/drill/report/page.ts';
import { writeDrillRecord } from '../../../../scripts/drill/report/record.ts';
import { writeReports } from '../../../../scripts/run/write.ts';
import { findChromium } from '../../../chromium.ts';
import { COURSE, drillOf } from './cases.ts';

const browserPath = await findChromium();
const SHOTS = join(import.meta.dirname, '../../../../coverage/screenshots');

let browser: Browser;
beforeAll(async () => {
  if (browserPath === null) return;
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
}, 60_000);
afterAll(() => browser?.close());

test('the page runs no script and loads nothing, whatever an alert is called', () => {
  const { verdict, timelines } = drillOf(4);
  const [first, ...rest] = verdict.alerts;
  if (first === undefined) throw new Error('no row');
  const odd = { ...first, alert: '<script>alert("x")</script>', reason: '<img>', fault: '"><b>' };
  const page = renderDrillPage({ ...verdict, alerts: [odd, ...rest] }, timelines);
  expect(page.replace('<a href="report.html">', '')).not.toMatch(/<script|<img|src=|href=|@import|url\(|<b>/);
});

test('a row without a recorded course shows what it knows itself', () => {
  const { verdict } = drillOf(4);
  const page = renderDrillPage(verdict, []);
  expect(page).toContain('Alert3');
  expect(page).toContain('firing told to slack after 1.40 s');
});

test('courses of one name are told apart by their order', () => {
  const { verdict } = drillOf(4);
  const [, , , row] = verdict.alerts;
  if (row === undefined) throw new Error('no row');
  const course = { ...COURSE, alert: row.alert, system: row.system, fault: row.fault };
  const page = renderDrillPage({ ...verdict, alerts: [row, row] }, [
    { ...course, limits: ['first'] },
    { ...course, limits: ['second'] },
  ]);
  expect(page.indexOf('first')).toBeLessThan(page.indexOf('second'));
});

describe.skipIf(browserPath === null)('in Chromium', { timeout: 60_000 }, () => {
  test.each([
    ['light', 1_200],
    ['dark', 1_200],
    ['light', 390],
  ] as const)('everything is drawn (%s, %i wide)', async (colorScheme, width) => {
    const folder = mkdtempSync(join(tmpdir(), 'firedrill-page-'));
    const { verdict, timelines } = drillOf(40);
    writeDrillRecord(folder, timelines);
    writeReports(folder, verdict);
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    await page.getByRole('link', { name: /course of each alert/i }).click();
    await page.screenshot({ path: join(SHOTS, `drill-${colorScheme}-${width}.png`) });
    const order = await page.locator('section.alert h3').allInnerTexts();
    expect(order.slice(0, 3)).toEqual(['Alert1', 'Alert0', 'Alert2']);
    expect(order).toHaveLength(40);
    const good = page.locator('section.alert.pass').first();
    expect(await good.locator('rect.predicted').count()).toBe(5);
    const widths = await good
      .locator('rect.firing')
      .evaluateAll((boxes) =>
        boxes.map(
          (box) => (box as unknown as { getBoundingClientRect(): { width: number } }).getBoundingClientRect().width,
        ),
      );
    for (const drawn of widths) expect(drawn).toBeGreaterThan(5);
    expect(await page.locator('.bins .bar').count()).toBeGreaterThan(2);
    expect(await page.getByText('On the clock of production').innerText()).toContain('39 alerts');
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
