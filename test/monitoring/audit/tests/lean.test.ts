import { describe, expect, test } from 'vitest';
import { mutantsOf } from '../../../../monitoring/audit/mutants/mutant.ts';
import { leanOf } from '../../../../monitoring/audit/tests/lean.ts';
import { observationFiles, readObservation } from '../../../../monitoring/audit/tests/observation.ts';
import type { Witness, WitnessSeries } from '../../../../monitoring/audit/witness/types.ts';
import { mutable } from '../mutants/support.ts';

const SERIES: WitnessSeries = {
  labels: { __name__: 'x', job: 'api' },
  segments: [{ fromMs: 0, value: 1, slopePerSecond: 0 }],
};

interface Given {
  expr?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  series?: Record<string, string>;
}

function observation({ expr = 'x > 0', labels = { severity: 'page' }, annotations = {}, series = {} }: Given) {
  const rule = mutable(expr, { labels });
  const trial = {
    title: 'fires',
    series: [{ ...SERIES, labels: { ...SERIES.labels, ...series } }],
    endMs: 60_000,
    timesMs: [0, 60_000],
  };
  const witness = { intervalMs: 60_000, evaluationMs: 60_000, recordingRules: [] } as unknown as Witness;
  const plain = { alert: rule.alert, expr, labels, annotations };
  return { rule, plain, witness, mutants: mutantsOf(rule), trial, timesMs: trial.timesMs, whole: false };
}

describe('a constant label stays out where nothing but the rule gives it', () => {
  test.each<[string, Given, string[]]>([
    ['a plain one', {}, ['severity']],
    ['one that a series carries too', { series: { severity: 'low' } }, []],
    ['one that the expression names', { expr: 'x{severity!=""} > 0' }, []],
    ['a template', { labels: { severity: '{{ $labels.job }}' } }, []],
    ['one without a value, which takes a label away', { labels: { severity: '' } }, []],
  ])('%s', (_, given, expected) => {
    expect(Object.keys(leanOf(observation(given)).constants)).toEqual(expected);
  });
});

describe('an annotation is worked out where it may tell more than the labels', () => {
  test.each<[string, string, boolean]>([
    ['a text', 'down', false],
    ['a label', 'down: {{ $labels.job }} {{- .Labels.job | toUpper }}', false],
    ['the value', 'down: {{ $value }}', true],
    ['the value behind a function', '{{ printf "%.1f" $value }}', true],
    ['a query', '{{ $labels.job | query }}', true],
    ['a label that the rule replaces', '{{ $labels.severity }}', true],
    ['an action that is never closed', '{{ $labels.job', true],
  ])('%s', (_, text, kept) => {
    expect(leanOf(observation({ annotations: { summary: text } })).annotations).toEqual(kept ? ['summary'] : []);
  });
});

test('what stays out is there again when it is read, and a label of a mutant still tells it', () => {
  const given = observation({ annotations: { summary: 'down' } });
  const changed = given.mutants.find(({ operator }) => operator === 'label');
  if (changed === undefined) throw new Error('no mutant of the label');
  const same = given.mutants.filter((mutant) => mutant !== changed && mutant.change.expr === undefined);
  const files = observationFiles(given, { rulesName: 'r', prefix: 'o' });
  expect(JSON.stringify(files.rules).match(/severity/g)).toHaveLength(1);
  expect(JSON.stringify(files.rules)).not.toContain('down');
  const fires = (alert: string, labels: Record<string, string>) => ({
    test: null,
    alert,
    time: '1m',
    got: [{ labels: { alertname: alert, job: 'api', ...labels }, annotations: {} }],
  });
  const name = (id: string) => `${given.rule.alert}__om${id}`;
  const seen = readObservation(given, {
    prefix: 'o',
    complaints: {
      mismatches: [
        fires(`${given.rule.alert}__o`, {}),
        fires(name(changed.id), changed.change.labels ?? {}),
        ...same.map(({ id }) => fires(name(id), {})),
      ],
      faults: [],
      others: [],
    },
  });
  expect(seen.original?.get(60_000)?.[0]?.labels).toMatchObject({ severity: 'page', job: 'api' });
  expect(seen.differs.get(changed)).toEqual([{ trial: given.trial, timeMs: 60_000 }]);
  for (const mutant of same) expect(seen.differs.get(mutant), mutant.what).toEqual([]);
});
