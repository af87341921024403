import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';

const GOOD = `
system: demo
receivers:
  ops: { type: webhook, url: 'http://127.0.0.1:9/alerts' }
  pager: { type: pagerduty, routingKey: { file: /run/pager } }
muteTimes:
  nights:
    - { at: '22:00', for: 8h, timezone: Europe/Vienna }
routing:
  receivers: [ops]
  bySeverity: { critical: [ops, pager] }
  escalation: [pager]
  muteTimes: { info: [nights] }
operations:
  routing: { receivers: [ops] }
  watchdog: { receiver: ops, every: 30s }
services:
  - id: api
    kind: http
    address: 'fleet:'
    endpoints: [{ path: / }]
`;

function load(text: string, ...others: string[]) {
  const files = [text, ...others].map((each, index) => ({ path: `${index}.yaml`, text: each }));
  return loadCatalogue(files, { env: {} });
}

test('a routing is read with its escalation, mute times and watchdog', () => {
  const result = load(GOOD);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { systems, muteTimes, operations } = result.catalogue;
  expect(systems[0]?.routing).toMatchObject({ escalation: ['pager'], muteTimes: { info: ['nights'] } });
  expect(operations.watchdog).toEqual({ receiver: 'ops', everyMs: 30_000 });
  expect(muteTimes).toEqual([
    {
      name: 'nights',
      windows: [
        {
          kind: 'recurring',
          weekdays: [0, 1, 2, 3, 4, 5, 6],
          startMinute: 22 * 60,
          durationMs: 8 * 3_600_000,
          timezone: 'Europe/Vienna',
          note: '',
        },
      ],
    },
  ]);
});

describe('a good routing with one thing broken', () => {
  test.each<[string, [string, string], RegExp]>([
    [
      'escalation to an undeclared receiver',
      ['escalation: [pager]', 'escalation: [pagr]'],
      /pagr is not a declared receiver.*did you mean pager\?/,
    ],
    [
      'a watchdog for an undeclared receiver',
      ['receiver: ops', 'receiver: obs'],
      /obs is not a declared receiver.*did you mean ops\?/,
    ],
    [
      'an undeclared mute time',
      ['info: [nights]', 'info: [night]'],
      /night is not a declared mute time.*did you mean nights\?/,
    ],
    ['critical alerts muted', ['muteTimes: { info', 'muteTimes: { critical'], /Invalid key|critical/],
    ['a time of day that is none', ["'22:00'", "'25:00'"], /must be a time of day such as 02:30/],
    ['a time zone that is none', ['Europe/Vienna', 'Mars/Base'], /must be a time zone such as/],
    ['a mute time without an end', ['for: 8h', 'for: 24h'], /nights lasts all week: nobody would ever be told/],
  ])('%s', (_, [from, to], expected) => {
    const result = load(GOOD.replace(from, to));
    const said = result.ok ? '' : result.problems.map(({ rule, fix }) => `${rule} ${fix}`).join(' ');
    expect(said).toMatch(expected);
  });

  test('a mute time declared in two files', () => {
    const other = `receivers: {x: {type: webhook, url: 'http://127.0.0.1:9/'}}\nmuteTimes: {nights: [{at: '01:00', for: 1h}]}`;
    const result = load(GOOD, other);
    expect(result.ok ? '' : result.problems.map(({ rule }) => rule).join()).toBe(
      'the mute time nights stands in 0.yaml too',
    );
  });
});
