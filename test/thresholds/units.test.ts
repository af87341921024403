import { expect, test } from 'vitest';
import {
  formatDuration,
  formatPrometheusDuration,
  formatShare,
  parseBytes,
  parseDurationMs,
  parseShare,
} from '../../thresholds/units.ts';

test.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['30d', 2_592_000_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each(['500', 'ms', '-5s', '5 s', '', '1m30s'])('%j is no duration', (text) => {
  expect(() => parseDurationMs(text)).toThrow(RangeError);
});

test.each([
  ['99%', 0.99],
  ['99.9 %', 0.999],
  ['0%', 0],
  ['100%', 1],
])('%s is %f', (text, share) => {
  expect(parseShare(text)).toBe(share);
});

test.each([
  [60_000, '1m'],
  [90_000, '90s'],
  [250, '250ms'],
  [83.3, '83ms'],
  [0, '1ms'],
])('%f ms is %s to Prometheus', (ms, text) => {
  expect(formatPrometheusDuration(ms)).toBe(text);
});

test.each([
  [0.47, '0.47 ms'],
  [612.4, '612 ms'],
  [1_519, '1.52 s'],
  [125_000, '2 min 5 s'],
])('%f ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('a share reads without binary residue', () => {
  expect(formatShare(1 - 0.99)).toBe('1 %');
  expect(formatShare(0.113)).toBe('11.3 %');
});

test.each([
  ['1GiB', 1_073_741_824],
  ['500MB', 500_000_000],
  ['1.5 KiB', 1_536],
  ['64kB', 64_000],
  ['100', 100],
])('%s is %i bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', '0', '-1MB', '1gb', 'GiB', '1 TBs'])('%j is no size', (text) => {
  expect(() => parseBytes(text)).toThrow(RangeError);
});
