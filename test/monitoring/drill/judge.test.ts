import { expect, test } from 'vitest';
import { type Evidence, judgeAttempt } from '../../../monitoring/drill/judge.ts';
import { measuredTimes } from '../../../monitoring/drill/row.ts';
import { caseOf, goodEvidence } from './support.ts';

const drillCase = caseOf('ServiceDown');
const BUSY = 'the machine was busy: timers were 400 ms late';

/** Good evidence with one thing broken. */
function broken(change: (evidence: Evidence) => void): Evidence {
  const evidence = goodEvidence();
  change(evidence);
  return evidence;
}

const [episode] = goodEvidence().episodes;
if (episode === undefined) throw new Error('no episode');

const ROWS: [string, (evidence: Evidence) => void, RegExp][] = [
  [
    'never pending',
    (e) => {
      e.episodes = [];
    },
    /^missed: it never fired, expected within 2\.5 s$/,
  ],
  [
    'pending only',
    (e) => {
      e.episodes = [{ ...episode, firingAtMs: null }];
    },
    /^missed: it was pending but never/,
  ],
  [
    'pending too short',
    (e) => {
      e.episodes = [{ ...episode, pendingAtMs: 10_950 }];
    },
    /^early: pending for 250 ms, 1 s promised/,
  ],
  [
    'not pending at all',
    (e) => {
      e.episodes = [{ ...episode, pendingAtMs: null }];
    },
    /^early: pending for 0 ms/,
  ],
  [
    'pending too long',
    (e) => {
      e.episodes = [{ ...episode, pendingAtMs: 9_200 }];
    },
    /^late: pending for 2 s, 1 s promised/,
  ],
  [
    'fired late',
    (e) => {
      e.episodes = [{ pendingAtMs: 12_000, firingAtMs: 13_000, endedAtMs: 13_100 }];
      e.faultOff = { beforeMs: 13_500, afterMs: 13_500 };
      for (const delivery of e.deliveries) delivery.atMs += 1_800;
    },
    /^late: fired after 2\.98 s, at most 2\.5 s predicted; late: delivered/,
  ],
  [
    'nobody told',
    (e) => {
      e.deliveries = [];
    },
    /^missed: it fired, but no receiver was told; not resolved: email, pagerduty/,
  ],
  [
    'one receiver not told',
    (e) => {
      e.deliveries = e.deliveries.filter(({ receiver, status }) => receiver !== 'email' || status !== 'firing');
    },
    /^wrong receiver: email was not told$/,
  ],
  [
    'a stranger told',
    (e) => e.deliveries.push({ receiver: 'hook', status: 'firing', atMs: 11_800 }),
    /^wrong receiver: delivered to email, hook, pagerduty, expected email, pagerduty$/,
  ],
  [
    'delivered before the group wait was over',
    (e) => {
      e.deliveries[0] = { receiver: 'email', status: 'firing', atMs: 11_300 };
    },
    /^early: delivered 100 ms after firing, group wait is 500 ms$/,
  ],
  [
    'delivered late to one receiver',
    (e) => {
      e.deliveries[1] = { receiver: 'pagerduty', status: 'firing', atMs: 13_200 };
    },
    /^late: delivered after 3\.18 s, at most 3 s predicted$/,
  ],
  [
    'still firing',
    (e) => {
      e.episodes = [{ ...episode, endedAtMs: 18_000 }];
    },
    /^not resolved: active for 6\.09 s after the fault, at most 1\.5 s predicted$/,
  ],
  [
    'firing again after it had ended',
    (e) => e.episodes.push({ pendingAtMs: 14_000, firingAtMs: 15_000, endedAtMs: 16_000 }),
    /^not resolved: active/,
  ],
  [
    'resolved without a word',
    (e) => {
      e.deliveries = e.deliveries.slice(0, 3);
    },
    /^not resolved: pagerduty was not told that it is over$/,
  ],
  [
    'near miss fired',
    (e) => {
      e.nearMiss = { fired: true, observedMs: 900 };
    },
    /^near miss fired/,
  ],
  [
    'something else fired',
    (e) => e.unexplained.push('HighLatency of shop/api'),
    /^fired outside the consequences: HighLatency of shop\/api$/,
  ],
];

test('as predicted is a pass', () => {
  expect(judgeAttempt(drillCase, goodEvidence())).toEqual({ outcome: 'pass', reason: '' });
});

test.each(ROWS)('%s is a failure that says so', (_, change, reason) => {
  const judgement = judgeAttempt(drillCase, broken(change));
  expect(judgement.outcome).toBe('fail');
  expect(judgement.reason).toMatch(reason);
});

test.each(
  ROWS.filter(
    ([name]) =>
      ![
        'pending too short',
        'not pending at all',
        'a stranger told',
        'delivered before the group wait was over',
      ].includes(name),
  ),
)('%s on a busy machine is undecided', (_, change) => {
  const evidence = broken(change);
  evidence.disturbance = BUSY;
  const judgement = judgeAttempt(drillCase, evidence);
  expect(judgement.outcome).toBe('undecided');
  expect(judgement.reason).toContain(BUSY);
});

test('a stranger told stays a failure on a busy machine: no load changes a route', () => {
  const evidence = broken((e) => e.deliveries.push({ receiver: 'hook', status: 'firing', atMs: 11_800 }));
  evidence.disturbance = BUSY;
  expect(judgeAttempt(drillCase, evidence).outcome).toBe('fail');
});

test('a busy machine does not spoil what went as predicted', () => {
  expect(
    judgeAttempt(
      drillCase,
      broken((e) => {
        e.disturbance = BUSY;
      }),
    ).outcome,
  ).toBe('pass');
});

test('missed evaluations leave even a good attempt undecided', () => {
  expect(
    judgeAttempt(
      drillCase,
      broken((e) => {
        e.missedEvaluations = 2;
      }),
    ),
  ).toEqual({
    outcome: 'undecided',
    reason: 'Prometheus missed 2 evaluations',
  });
});

test('an alert without `for` is not asked for a pending state', () => {
  const evidence = broken((e) => {
    e.prediction.holdMs = 0;
    e.episodes = [{ ...episode, pendingAtMs: null }];
  });
  expect(judgeAttempt(drillCase, evidence).outcome).toBe('pass');
});

test('the times of a row are counted from the fault and from its end', () => {
  expect(measuredTimes(goodEvidence())).toEqual({
    predictedSeconds: [1.5, 3],
    pendingSeconds: 0.2,
    detectedSeconds: 1.2,
    deliveredSeconds: 1.72,
    deliveredTo: ['email', 'pagerduty'],
    resolvedSeconds: 0.3,
    nearMissSilent: true,
  });
});
