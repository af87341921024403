import { expect, test } from 'vitest';
import { scaleTemplate } from '../../../monitoring/scaling/template.ts';

const context = { factor: 60, clock: null, evaluationIntervalMs: null };

test.each([
  ['text alone', 'over 5m', 'over 5m'],
  ['a value', '{{ $value | humanizeDuration }} of 5m', '{{ $value | humanizeDuration }} of 5m'],
  ['a query', '{{ query "rate(x[5m])" | first | value }}', '{{ query "rate(x[5s]) / 60" | first | value }}'],
  ['a query in brackets', '{{ (query "x offset 5m" | first).Value }}', '{{ (query "x offset 5s" | first).Value }}'],
  [
    'a query behind a pipe',
    '{{ with "delta(x[5m])" | query }}a{{ end }}',
    '{{ with "delta(x[5s])" | query }}a{{ end }}',
  ],
  ['quotes in a query', String.raw`{{ query "x{a=\"b\"} offset 1m" }}`, String.raw`{{ query "x{a=\"b\"} offset 1s" }}`],
  ['quotes of another kind', '{{ query `x{a="b"} offset 1m` }}', '{{ query `x{a="b"} offset 1s` }}'],
  [
    'two queries',
    '{{ query "x offset 1m" }} {{ query "y offset 2m" }}',
    '{{ query "x offset 1s" }} {{ query "y offset 2s" }}',
  ],
])('scales the PromQL in a template: %s', (_, text, scaled) => {
  expect(scaleTemplate(text, context)).toEqual({ text: scaled, notCompared: null });
});

test.each([
  [
    'a query that is put together',
    '{{ with printf "x{a=%q}" $labels.a | query }}{{ end }}',
    'its query is put together when it is shown',
  ],
  ['a query in a variable', '{{ $q := "x" }}{{ query $q }}', 'its query is put together when it is shown'],
  ['the wall time', 'since {{ now }}', 'now reads the wall time'],
  [
    'a query that cannot be scaled',
    '{{ query "time() - x" }}',
    'its query cannot be scaled: time() reads the time, and there is no virtual clock',
  ],
  [
    'a wrong text',
    String.raw`{{ query "x{a=\"\d\"}" }}`,
    String.raw`its query cannot be read: PromQL has no escape \d; write \\ for a backslash`,
  ],
])('does not compare %s', (_, text, notCompared) => {
  expect(scaleTemplate(text, context)).toEqual({ text, notCompared });
});
