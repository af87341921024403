import { describe, expect, it } from 'vitest';
import { readBatch, refusals } from '../../../scripts/audit/promtool-output.ts';

const OUTPUT = String.raw`Unit Testing:  t0-60000.json
  FAILED:
    name: a0.fires,
    alertname: A, time: 5m, 
        exp:[], 
        got:[
            0:
              Labels:{alertname="A", job="a, \"b\"", severity="x"}
              Annotations:{s="{is} \"q\"\nline 0"},
            1:
              Labels:{alertname="A", job="c"}
              Annotations:{}
            ]
    expr: "count_over_time(ALERTS{alertname=\"A\"}[5m1s]) or label_replace(vector(-1), \"firedrill_trial\", \"a0.fires\", \"\", \"\")", time: 5m,
        exp: nil
        got: {alertname="A", alertstate="firing", job="c"} 1.2E+01, {alertname="A", job="a, \"b\""} 4E+00, {firedrill_trial="a0.fires"} -1E+00
    expr: "count_over_time(ALERTS{alertname=\"A\"}[5m1s]) or label_replace(vector(-1), \"firedrill_trial\", \"a0.near\", \"\", \"\")", time: 5m,
        exp: nil
        got: {firedrill_trial="a0.near"} -1E+00
r1.json: 1:53: group "audit", rule 1, "B": could not parse expression: 1:1: parse error: unknown function with name "limitk"
`;

describe('what promtool prints about trials', () => {
  it('holds how often an alert fired, and with which labels', () => {
    expect(readBatch(OUTPUT).get('a0.fires')).toEqual({
      evaluationsFired: 12,
      firing: [
        { labels: { alertname: 'A', job: 'a, "b"', severity: 'x' }, annotations: { s: '{is} "q"\nline 0' } },
        { labels: { alertname: 'A', job: 'c' }, annotations: {} },
      ],
    });
  });

  it('tells silence from no answer', () => {
    const results = readBatch(OUTPUT);
    expect(results.get('a0.near')).toEqual({ evaluationsFired: 0, firing: [] });
    expect(results.has('a0.brief')).toBe(false);
    expect(readBatch('Unit Testing:  t0.json\n  SUCCESS\n').size).toBe(0);
  });

  it('names the rules that promtool refuses', () => {
    expect([...refusals(OUTPUT)]).toEqual([
      [1, '"B": could not parse expression: 1:1: parse error: unknown function with name "limitk"'],
    ]);
  });
});
