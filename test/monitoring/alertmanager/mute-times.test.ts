import { describe, expect, test } from 'vitest';
import { timeIntervals } from '../../../monitoring/alertmanager/mute-times.ts';
import { deriveAlertmanagerText } from '../../../monitoring/alertmanager-config.ts';
import { drillAlertmanager } from '../../../monitoring/scale-alertmanager.ts';
import { WEEKDAYS } from '../../../thresholds/maintenance.ts';
import { catalogueOf, runTool, SHOP } from '../support.ts';
import { startLive } from './live.ts';

const HOUR = 3_600_000;

function windowOf(weekdays: number[], startMinute: number, durationMs: number) {
  const window = { kind: 'recurring' as const, weekdays, startMinute, durationMs, timezone: 'UTC', note: '' };
  return timeIntervals([{ name: 'w', windows: [window] }], new Set(['w']))[0]?.time_intervals;
}

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

describe('windows as intervals of Alertmanager', () => {
  test.each<[string, ReturnType<typeof windowOf>, object[]]>([
    ['whole days', windowOf([6, 0], 0, 24 * HOUR), [{ weekdays: ['sunday', 'saturday'] }]],
    [
      'part of every day',
      windowOf(EVERY_DAY, 120, HOUR / 2),
      [{ times: [{ start_time: '02:00', end_time: '02:30' }] }],
    ],
    [
      'over midnight, into the next week',
      windowOf([6], 22 * 60, 4 * HOUR),
      [
        { weekdays: ['saturday'], times: [{ start_time: '22:00', end_time: '24:00' }] },
        { weekdays: ['sunday'], times: [{ start_time: '00:00', end_time: '02:00' }] },
      ],
    ],
    [
      'longer than a day',
      windowOf([5], 18 * 60, 40 * HOUR),
      [
        { weekdays: ['friday'], times: [{ start_time: '18:00', end_time: '24:00' }] },
        { weekdays: ['saturday'] },
        { weekdays: ['sunday'], times: [{ start_time: '00:00', end_time: '10:00' }] },
      ],
    ],
    [
      'seconds, rounded up',
      windowOf([1], 0, 90_000),
      [{ weekdays: ['monday'], times: [{ start_time: '00:00', end_time: '00:02' }] }],
    ],
  ])('%s', async (_, intervals, expected) => {
    expect(intervals).toEqual(expected.map((interval) => ({ ...interval, location: 'UTC' })));
    const config = {
      route: { receiver: 'a' },
      receivers: [{ name: 'a' }],
      time_intervals: [{ name: 'w', time_intervals: intervals }],
    };
    const result = await runTool('amtool', ['check-config', 'a.yml'], { 'a.yml': JSON.stringify(config) });
    expect(result.ok, result.output).toBe(true);
  });
});

/** The shop, with info muted from `startsIn` hours from now for two hours, said on the clocks of a zone far from UTC. */
function muted(startsIn: number): string {
  const timezone = 'Asia/Kolkata';
  const start = new Date(Date.now() + startsIn * HOUR);
  const at = start.toLocaleTimeString('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  const day = start.toLocaleDateString('en-GB', { timeZone: timezone, weekday: 'short' }).toLowerCase();
  expect(WEEKDAYS).toContain(day);
  return deriveAlertmanagerText(
    catalogueOf(
      SHOP.replace(
        'routing:\n',
        `muteTimes: { quiet: [{ days: [${day}], at: '${at}', for: 2h, timezone: ${timezone} }] }\nrouting:\n  muteTimes: { info: [quiet] }\n`,
      ),
    ),
  );
}

const INFO = { id: 'info', labels: { alertname: 'Trend', system: 'shop', severity: 'info' } };
const WARNING = { id: 'warning', labels: { alertname: 'Slow', system: 'shop', severity: 'warning' } };

describe('mute times in a running Alertmanager', () => {
  test('what is muted waits, others do not, and it is told when the time is over', async () => {
    const live = await startLive(muted(-1), { keepTimes: true });
    await live.post([INFO, WARNING]);
    expect(await live.until(() => live.told('warning', 'firing').length === 2)).toBe(true);
    await live.flushed();
    expect(live.told('info', 'firing')).toEqual([]);
    await live.alertmanager.writeConfig(live.scaled(muted(3), true));
    await live.alertmanager.reload();
    expect(await live.until(() => live.told('info', 'firing').length > 0)).toBe(true);
    expect(live.told('info', 'firing')).toEqual(['hook']);
  });

  test('outside of its time nothing is muted', async () => {
    const live = await startLive(muted(3), { keepTimes: true });
    await live.post([INFO]);
    expect(await live.until(() => live.told('info', 'firing').length > 0)).toBe(true);
  });

  test('a drill is the same at any time', async () => {
    const live = await startLive(muted(-1));
    await live.post([INFO]);
    expect(await live.until(() => live.told('info', 'firing').length > 0)).toBe(true);
    const active =
      'route: {receiver: a, routes: [{receiver: a, active_time_intervals: [x], routes: [{mute_time_intervals: [x]}]}]}';
    const drill = drillAlertmanager(`${active}\nreceivers: [{name: a}]`, { factor: 1, urlFor: () => 'u' });
    expect(drill).not.toContain('time_intervals');
  });
});
