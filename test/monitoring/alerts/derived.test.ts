import { expect, test } from 'vitest';
import type { DerivedAlert } from '../../../monitoring/alerts/derived-alert.ts';
import { deriveAlertGroups } from '../../../monitoring/alerts/groups.ts';
import { labelFacts, mayHave } from '../../../monitoring/audit/analysis/labels.ts';
import { dashboardLinks } from '../../../monitoring/dashboard-link.ts';
import { OWN_DASHBOARDS } from '../../../monitoring/dashboards/own/index.ts';
import { type Expr, walk } from '../../../monitoring/promql/ast.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { deriveRulesText } from '../../../monitoring/rules.ts';
import { deriveRunbook } from '../../../monitoring/runbook.ts';
import { runbookAnchor, runbookHeading } from '../../../monitoring/runbook-anchor.ts';
import { FIREDRILL_JOB } from '../../../thresholds/names.ts';
import { CATALOGUE, DASHBOARDS } from '../dashboards/built-in.ts';
import { catalogueOf, runTool, SHOP } from '../support.ts';

const GROUPS = deriveAlertGroups(CATALOGUE);
const ALERTS = GROUPS.flatMap(({ alerts }) => alerts);
const SERIES = [...ALERTS, ...GROUPS.flatMap(({ recordings }) => recordings)];

function tree(expr: string): Expr {
  const parsed = parsePromql(expr);
  if (!parsed.ok) throw new Error(`${expr}: ${JSON.stringify(parsed.errors)}`);
  return parsed.expr;
}

/** Names of those that break a rule, so that a failure shows all of them. */
function breaking(broken: (alert: DerivedAlert) => boolean): string[] {
  return ALERTS.filter(broken).map(({ system, name }) => `${system} ${name}`);
}

test('there are alerts of every kind', () => {
  const suffixes = ['BurnPageFast', 'Spent', 'Absent', 'Escalated', 'Watchdog', 'ProbeFailing', 'NightlyFailed'];
  expect(suffixes.filter((suffix) => !ALERTS.some(({ name }) => name.endsWith(suffix)))).toEqual([]);
});

test('no two alerts of a system, and no two groups, share a name', () => {
  const names = ALERTS.map(({ system, name }) => `${system} ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  const groups = GROUPS.map(({ name }) => name);
  expect(groups.filter((name, index) => groups.indexOf(name) !== index)).toEqual([]);
});

test('each says what it means, whom it hits, what to look at and what mends it', () => {
  expect(
    breaking(({ guidance, summary, description, objective, team }) => {
      const texts = [guidance.meaning, guidance.impact, guidance.fix, ...guidance.checks];
      return (
        [...texts, summary, description, objective, team].some((text) => text.trim() === '') ||
        guidance.checks.length === 0 ||
        /undefined|NaN|\[object/.test(texts.join(' ') + summary + description)
      );
    }),
  ).toEqual([]);
});

test('each shows its value, but for those that have none', () => {
  const without = ['Watchdog', 'NightlyNeverSeen', 'ProberSilent', 'ProbeResultsAbsent', 'TargetMissing'];
  expect(
    breaking(({ name, summary, description }) => {
      return !/\$value/.test(summary + description) && !without.includes(name.replace('Escalated', ''));
    }),
  ).toEqual([]);
});

test('a drill that is not full has a reason', () => {
  expect(breaking(({ drill }) => drill.mode !== 'full' && drill.reason === '')).toEqual([]);
  expect(ALERTS.filter(({ drill }) => drill.mode !== 'full').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Watchdog', 'AlertmanagerAway']),
  );
});

test('every selector keeps to a system, or to what belongs to none: the prober itself and runs', () => {
  const loose = SERIES.flatMap(({ expr }) =>
    [...walk(tree(expr))].filter((node) => {
      if (node.kind !== 'selector' || /^firedrill_run_/.test(node.name ?? '')) return false;
      return !node.matchers.some(({ label, op, value }) => {
        return op === '=' && (label === 'system' || (label === 'job' && value === FIREDRILL_JOB));
      });
    }),
  );
  expect(loose).toEqual([]);
});

test('every aggregation and join keeps environment, so that cases of a drill never mix', () => {
  const mixing = SERIES.flatMap(({ expr }) =>
    [...walk(tree(expr))].filter((node) => {
      if (node.kind !== 'aggregation' && node.kind !== 'binary') return false;
      return (
        !mayHave(
          labelFacts(node, () => null),
          'environment',
        ) && labelFacts(node, () => null).only?.size !== 0
      );
    }),
  );
  expect(mixing).toEqual([]);
});

test('every alert says which service it is about, but for those on drills of alerts', () => {
  expect(
    breaking(({ name, expr, labels }) => {
      const says =
        labels.service !== undefined ||
        mayHave(
          labelFacts(tree(expr), () => null),
          'service',
        );
      return !says && !/^Alert(Drill|NotDrilled)/.test(name);
    }),
  ).toEqual([]);
});

test('every runbook link has its heading', () => {
  const headings = new Set([...deriveRunbook(CATALOGUE).matchAll(/^## (.+)$/gm)].map(([, text]) => text));
  expect(breaking((alert) => !headings.has(runbookHeading(alert)))).toEqual([]);
  const anchors = ALERTS.map(runbookAnchor);
  expect(new Set(anchors).size).toBe(anchors.length);
});

test('every dashboard link leads to a dashboard, and to a panel that is on it', () => {
  const link = dashboardLinks(CATALOGUE);
  const panels = new Map([...DASHBOARDS.values()].map(({ uid, panels }) => [uid, panels.map(({ id }) => id)]));
  expect(
    breaking((alert) => {
      const [, uid = '', panel] = /\/d\/([^?]+)(?:\?viewPanel=(\d+))?/.exec(link(alert)) ?? [];
      const ids = panels.get(uid);
      return ids === undefined || (panel !== undefined && !ids.includes(Number(panel)));
    }),
  ).toEqual([]);
});

test('a panel that an alert names is there', () => {
  const titles = new Map(
    OWN_DASHBOARDS.map((one) => [one.title, one.panels(CATALOGUE).map(({ title }) => title)] as const),
  );
  expect(
    breaking(({ shownOn }) => shownOn !== undefined && titles.get(shownOn.dashboard)?.includes(shownOn.panel) !== true),
  ).toEqual([]);
});

test('an alert opens the panel that names it, for the service that it is about', () => {
  const link = dashboardLinks(CATALOGUE);
  const alert = ALERTS.find(({ system, name }) => system === 'personalization' && name === 'LowCacheHitRate');
  expect(alert === undefined ? '' : link(alert)).toMatch(
    /\/d\/personalization-cache-analytics\?viewPanel=1&var-system=personalization&var-service=\{\{ \$labels\.service \| urlquery \}\}/,
  );
});

test('what an alert names as its consequence exists', () => {
  const names = new Map(Map.groupBy(ALERTS, ({ system }) => system));
  const own = (system: string) => new Set(names.get(system)?.map(({ name }) => name));
  expect(
    breaking(
      ({ system, consequences, source }) => source === null && consequences.some((one) => !own(system).has(one)),
    ),
  ).toEqual([]);
});

test('promtool takes the rules, and finds none of them twice', async () => {
  const result = await runTool('promtool', ['check', 'rules', 'rules.yml'], {
    'rules.yml': deriveRulesText(CATALOGUE),
  });
  expect(result.output).toContain(`SUCCESS: ${SERIES.length} rules found`);
  expect(result.output).not.toMatch(/lint|duplicate/);
});

test('recorded series of one name and one set of labels come from one rule', () => {
  const keys = GROUPS.flatMap(({ recordings }) => recordings).map(({ record, labels }) =>
    JSON.stringify([record, labels]),
  );
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('a group of a pair of windows records for itself alone, so that it can run on a clock of its own', () => {
  const burning = GROUPS.filter(({ name }) => /-burn-|-budget$/.test(name));
  expect(burning.length).toBeGreaterThan(4);
  const foreign = burning.flatMap(({ name, alerts, recordings }) => {
    const own = new Set(recordings.map(({ record }) => record));
    const read = alerts
      .filter(({ labels }) => labels.escalation === undefined)
      .flatMap(({ expr }) => [...walk(tree(expr))]);
    return read.flatMap((node) =>
      node.kind === 'selector' && !own.has(node.name ?? '') ? [`${name}: ${node.name}`] : [],
    );
  });
  expect(foreign).toEqual([]);
});

test('without receivers for it nothing is escalated', () => {
  const names = deriveAlertGroups(catalogueOf(SHOP)).flatMap(({ alerts }) => alerts.map(({ name }) => name));
  expect(names.filter((name) => name.endsWith('Escalated'))).toEqual([]);
  expect(names).toContain('ServiceDown');
});
