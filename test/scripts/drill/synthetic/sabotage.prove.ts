import { expect, test } from 'vitest';
import { DOWN, drill, ROUTES, reference } from './support.ts';

const TIMEOUT_MS = 180_000;

test.each([
  ['a flipped comparison', DOWN.replace('== 0', '== 1'), ROUTES, /fired in health|near miss fired/],
  ['a metric of another name', DOWN.replace('up{', 'down{'), ROUTES, /^missed: it never fired/],
  ['a `for` that is too long', DOWN.replace('5m', '20m'), ROUTES, /^(late|missed)/],
  ['a `for` that is too short', DOWN.replace('for: 5m', 'for: 0s'), ROUTES, /early/],
  ['an alert that is not deployed', DOWN.replace('ServiceDown', 'ServiceGone'), ROUTES, /^missed: it never fired/],
  [
    'a route to another receiver',
    DOWN,
    ROUTES.replace('receiver: pager', 'receiver: mail'),
    /^wrong receiver: delivered to mail, expected pager/,
  ],
  [
    'a matcher with a typo',
    DOWN,
    ROUTES.replace('- matchers: [severity="critical"]', '- matchers: [severity="critcal"]'),
    /^wrong receiver/,
  ],
  [
    'no word of the end',
    DOWN,
    ROUTES.replaceAll("{url: 'http://127.0.0.1/'}", "{url: 'http://127.0.0.1/', send_resolved: false}"),
    /^not resolved: pager was not told/,
  ],
])(
  '%s is reported',
  async (_name, rules, routes, reason) => {
    const { rows, problems } = await drill(rules, { routes, ...reference(DOWN), attempts: 1 });
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([{ alert: 'ServiceDown', outcome: 'fail', reason: expect.stringMatching(reason) }]);
  },
  TIMEOUT_MS,
);
