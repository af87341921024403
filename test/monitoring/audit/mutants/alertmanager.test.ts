import { describe, expect, test } from 'vitest';
import { goldenTests, type RoutedAlert } from '../../../../monitoring/audit/mutants/alertmanager/cases.ts';
import { inhibits } from '../../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import { judgeRouting } from '../../../../monitoring/audit/mutants/alertmanager/judge.ts';
import { routingMutants } from '../../../../monitoring/audit/mutants/alertmanager/mutate.ts';
import { readRouteCases } from '../../../../monitoring/audit/mutants/alertmanager/read-cases.ts';
import { readRouting } from '../../../../monitoring/audit/mutants/alertmanager/read-config.ts';
import type { Labels, Routing } from '../../../../monitoring/audit/mutants/alertmanager/routing.ts';

const CONFIG = `route:
  receiver: slack
  group_by: [alertname, job]
  routes:
    - matchers: [severity="page"]
      receiver: pager
      continue: true
    - match: {severity: page}
      receiver: mail
inhibit_rules:
  - source_matchers: [severity="page"]
    target_matchers: [severity="warning"]
    equal: [instance]
receivers: [{name: slack}, {name: pager}, {name: mail}]
`;

function routing(text = CONFIG): Routing {
  const read = readRouting({ path: 'am.yml', text });
  if (Array.isArray(read)) throw new Error(read.map(({ rule }) => rule).join('\n'));
  return read;
}

function alert(labels: Labels, fixed = ['alertname', 'severity']): RoutedAlert {
  return { labels, fixed: new Set(fixed) };
}

const PAGE = alert({ alertname: 'A', severity: 'page', instance: 'one', job: 'x' });
const WARNING = alert({ alertname: 'B', severity: 'warning', instance: 'two', job: 'y' });
const INFO = alert({ alertname: 'I', severity: 'info', instance: 'one', job: 'x' });

describe('mutants of an Alertmanager file', () => {
  test('every part of it is broken once', () => {
    expect(routingMutants(routing()).map(({ operator, line, what }) => `${line} ${operator}: ${what}`)).toEqual([
      '2 receiver: receiver slack becomes pager',
      '2 group_by: group_by without alertname',
      '2 group_by: group_by without job',
      '5 route matcher: severity="page" becomes severity="page-mutated"',
      '5 route matcher: without severity="page"',
      '5 route matcher: severity="page" becomes severity!="page"',
      '5 continue: continue: false',
      '5 receiver: receiver pager becomes slack',
      '8 route matcher: severity="page" becomes severity="page-mutated"',
      '8 route matcher: without severity="page"',
      '8 route matcher: severity="page" becomes severity!="page"',
      '8 continue: continue: true',
      '8 receiver: receiver mail becomes slack',
      '11 inhibition: without the inhibition',
      '11 inhibition: equal without instance',
      '11 inhibition: source without severity="page"',
      '11 inhibition: target without severity="warning"',
    ]);
  });

  test('alerts that differ in all that the file reads notice them; what no alert can tell is equivalent and named', () => {
    const same = { alertname: 'A', severity: 'page', instance: 'one' };
    const alerts = [PAGE, WARNING, alert({ ...same, job: 'y' }), alert({ ...same, alertname: 'C', job: 'x' }), INFO];
    const { report } = judgeRouting(routing(), { tests: goldenTests(routing(), alerts), file: null });
    expect(report.mutants?.survived).toEqual([]);
    expect(report.mutants?.equivalents.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'line 8: continue: true: no labels of an alert tell the two apart',
    ]);
  });

  test('where the audited alerts cannot tell, cases are made', () => {
    const { report } = judgeRouting(routing(), { tests: goldenTests(routing(), [WARNING]), file: null });
    expect(report.mutants).toMatchObject({ total: 17, killed: 16, equivalent: 1, survived: [] });
    expect(report.tests).toBeGreaterThan(goldenTests(routing(), [WARNING]).length);
  });

  test('beside given cases a survivor comes with one that tells it', () => {
    const { report } = judgeRouting(routing(), { tests: goldenTests(routing(), [WARNING]), file: 'cases.yml' });
    const survived = report.mutants?.survived ?? [];
    expect(survived.map(({ what }) => what)).toContain('receiver pager becomes slack');
    for (const { operator, what, killer, reason } of survived) {
      expect(reason).toBe('fixture too poor');
      const cases = readRouteCases({ path: 'cases.yml', text: killer ?? '' });
      const mutant = routingMutants(routing()).find((each) => each.what === what && each.operator === operator);
      const holds = (of: Routing) => cases.every((each) => 'holds' in each && each.holds(of));
      expect(holds(routing()), what).toBe(true);
      if (mutant?.line === survived.find((each) => each.what === what)?.line) {
        expect(holds(mutant?.routing as Routing), what).toBe(false);
      }
    }
  });
});

describe('cases that people wrote', () => {
  const judge = (text: string) => {
    const tests = readRouteCases({ path: 'cases.yml', text });
    if (tests.some((each) => 'rule' in each)) return tests;
    return judgeRouting(routing(), { tests: tests.filter((each) => 'holds' in each), file: 'cases.yml' });
  };

  test('receivers are compared as sets', () => {
    const judged = judge('routes: [{labels: {severity: page}, receivers: [mail, pager]}]');
    expect(judged).toMatchObject({ faults: [], report: { tests: 1 } });
  });

  test('a case that does not hold is told with its line, and there is no score', () => {
    const judged = judge('routes:\n  - labels: {severity: page}\n    receivers: [pager]\n');
    expect(judged).toMatchObject({
      faults: [{ id: 'test-fails', file: 'cases.yml', line: 2 }],
      report: { mutants: null },
    });
  });

  test('what no case is about is untested, not survived', () => {
    const judged = judge('routes: [{labels: {severity: page}, receivers: [mail, pager]}]');
    const survived = 'report' in judged ? (judged.report.mutants?.survived ?? []) : [];
    expect(survived.filter(({ operator }) => operator === 'inhibition').map(({ reason }) => reason)).toEqual(
      Array.from({ length: 4 }, () => 'untested'),
    );
  });

  test.each([
    ['an unknown key', 'routes: [{labels: {a: b}, receivers: [x], receiver: x}]', 1],
    ['no case at all', 'routes: []', 1],
  ])('%s is a problem with its place', (_, text, line) => {
    expect(judge(text)).toMatchObject([{ file: 'cases.yml', line }]);
  });
});

describe('reading an Alertmanager file', () => {
  test.each([
    ['no route', 'receivers: []', 'there is no route'],
    ['a receiver that is nowhere', 'route: {receiver: a}\nreceivers: []', 'no receiver is named a'],
    ['no receiver at the top', 'route: {routes: []}\nreceivers: []', 'the top route has no receiver'],
    [
      'a matcher that is none',
      'route: {receiver: a, routes: [{matchers: [nothing]}]}\nreceivers: [{name: a}]',
      'nothing is no matcher',
    ],
  ])('%s is told', (_, text, rule) => {
    const read = readRouting({ path: 'am.yml', text });
    expect(Array.isArray(read) ? read.map((problem) => problem.rule) : read).toEqual([rule]);
  });

  test('a route takes receiver and grouping over from its parent', () => {
    const { root } = routing('route: {receiver: a, group_by: [x], routes: [{match: {y: z}}]}\nreceivers: [{name: a}]');
    expect(root.routes[0]).toMatchObject({ receiver: 'a', groupBy: ['x'], own: { receiver: false, groupBy: false } });
  });
});

test('an alert that matches both sides is not silenced by another that does', () => {
  const both = routing(
    CONFIG.replace('target_matchers: [severity="warning"]', 'target_matchers: [severity=~"page|warning"]'),
  );
  expect(inhibits(both, { severity: 'page' }, { severity: 'page' })).toBe(false);
  expect(inhibits(both, { severity: 'page' }, { severity: 'warning' })).toBe(true);
});
