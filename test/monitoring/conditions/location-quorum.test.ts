import { expect, it } from 'vitest';
import { downByQuorum, tooFewLocations, upShareOverLocations } from '../../../monitoring/conditions/location-quorum.ts';
import { runTool } from '../support.ts';

/** States by location; `-` for one that does not know. */
type States = Record<string, 0 | 1 | '-'>;

interface Case {
  name: string;
  states: States;
  maintenance?: Record<string, 0 | 1>;
  /** Number of locations that say down; null when the expression is silent. */
  down: number | null;
  tooFew: number | null;
  /** The same where one location is enough, if that differs. */
  downForOne?: number;
}

const CASES: Case[] = [
  { name: 'all see it up', states: { a: 1, b: 1, c: 1 }, down: null, tooFew: null },
  { name: 'one of three sees it down', states: { a: 0, b: 1, c: 1 }, down: null, tooFew: null },
  { name: 'two of three see it down', states: { a: 0, b: 0, c: 1 }, down: 2, tooFew: null },
  { name: 'half of them is no majority', states: { a: 0, b: 1 }, down: null, tooFew: null },
  { name: 'two of two see it down, the third does not know', states: { a: 0, b: 0, c: '-' }, down: 2, tooFew: null },
  {
    name: 'the only one that knows sees it down',
    states: { a: 0, b: '-', c: '-' },
    down: null,
    tooFew: 1,
    downForOne: 1,
  },
  { name: 'nobody knows', states: { a: '-', b: '-' }, down: null, tooFew: null },
  {
    name: 'a planned window',
    states: { a: 0, b: 0, c: 0 },
    maintenance: { a: 0, b: 1, c: 0 },
    down: null,
    tooFew: null,
  },
  { name: 'no planned window', states: { a: 0, b: 0, c: 0 }, maintenance: { a: 0, b: 0, c: 0 }, down: 3, tooFew: null },
];

const OWN = 'environment="prod",job="firedrill",service="web",system="shop",target="shop/web"';
const MATCHERS = ['system="shop"'];

function testOf({ name, states, maintenance = {}, down, tooFew, downForOne }: Case) {
  const downAtAll = downForOne ?? down;
  const known = Object.values(states).filter((state) => state !== '-');
  const up = known.filter((state) => state === 1).length;
  const samples = (value: number | null) =>
    value === null || Number.isNaN(value) ? [] : [{ labels: `{${OWN}}`, value }];
  return {
    name,
    interval: '15s',
    input_series: [
      ...Object.entries(states).map(([location, state]) => ({
        series: `probe_state{location="${location}",${OWN}}`,
        values: state === '-' ? '_' : `${state}x20`,
      })),
      ...Object.entries(maintenance).map(([location, open]) => ({
        series: `probe_maintenance{location="${location}",${OWN}}`,
        values: `${open}x20`,
      })),
      // Of another system, and all down: it must not count.
      { series: `probe_state{location="a",${OWN.replaceAll('shop', 'other')}}`, values: '0x20' },
    ],
    promql_expr_test: [
      { expr: downByQuorum(MATCHERS), eval_time: '2m', exp_samples: samples(down) },
      { expr: tooFewLocations(MATCHERS), eval_time: '2m', exp_samples: samples(tooFew) },
      // Thirds differ in their last digit with the order in which they are added.
      {
        expr: `round(3 * ${upShareOverLocations(MATCHERS)}, 0.01)`,
        eval_time: '2m',
        exp_samples: samples(Math.round((300 * up) / known.length) / 100),
      },
      {
        expr: downByQuorum(MATCHERS, { share: 0.5, minLocations: 1 }),
        eval_time: '2m',
        exp_samples: samples(downAtAll),
      },
    ],
  };
}

it('a quorum of locations decides, as promtool evaluates it', async () => {
  // JSON is YAML.
  const run = (cases: Case[]) =>
    runTool('promtool', ['test', 'rules', 'test.yml'], { 'test.yml': JSON.stringify({ tests: cases.map(testOf) }) });
  expect((await run(CASES)).output).toContain('SUCCESS');
  // The test itself can fail: the same states, and another expectation.
  expect((await run([{ ...(CASES[2] as Case), down: 3 }])).ok).toBe(false);
});
