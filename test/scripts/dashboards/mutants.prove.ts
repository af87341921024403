import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectors } from '../../../monitoring/audit/analysis/expression.ts';
import { deriveGrafana } from '../../../monitoring/dashboards/dashboards.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { BUILT_IN_CATALOGUE } from '../../../scripts/catalogue-files.ts';
import { executePanels, healthy } from '../../../scripts/dashboards/execute.ts';
import { Onlooker } from '../../../scripts/dashboards/look.ts';
import { type DashboardVariable, type PanelQuery, panelQueries } from '../../../scripts/dashboards/panel-query.ts';
import { type Stage, setStage } from '../../../scripts/dashboards/stage.ts';
import { createOutput } from '../../../scripts/output.ts';
import { openSession, type Session } from '../../../scripts/run/session.ts';
import { selectCatalogue } from '../../../scripts/select.ts';
import { GOOD } from '../report/verdict.ts';

const MINUTE = 60_000;
const WARM_DEADLINE_MS = 60_000;

const selection = selectCatalogue({ catalogue: BUILT_IN_CATALOGUE }, {});
const { catalogue } = selection;
const queries = panelQueries(catalogue, deriveGrafana(catalogue));
const dir = mkdtempSync(join(tmpdir(), 'firedrill-dashboards-'));
let session: Session;
let stage: Stage;
let onlooker: Onlooker;

beforeAll(async () => {
  session = await openSession({
    selection,
    dir,
    tools: ['prometheus', 'k6'],
    output: createOutput({ json: false, quiet: true }),
    signal: AbortSignal.timeout(20 * MINUTE),
    env: process.env,
  });
  if (session.fleet === null) throw new Error('the catalogue has no simulated service');
  stage = await setStage(session, session.fleet, GOOD);
  const { prometheus } = stage;
  onlooker = new Onlooker(prometheus, (label, selector) => prometheus.labelValues(label, selector));
}, 2 * MINUTE);

afterAll(async () => {
  await stage?.stop();
  await session?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function unhealthy(asked: readonly PanelQuery[]) {
  const found: { panel: string; problem: string }[] = [];
  for (const query of asked) {
    const look = await onlooker.look(query);
    if (healthy(query, look) === 'fail')
      found.push({ panel: `${query.dashboard} ${query.panel}`, problem: look.problem });
  }
  return found;
}

test(
  'every query of every panel shows something while all is well',
  async () => {
    const deadline = Date.now() + WARM_DEADLINE_MS;
    let found = await unhealthy(queries);
    while (found.length > 0 && Date.now() < deadline) {
      await delay(2_000);
      found = await unhealthy(queries);
    }
    expect(found).toEqual([]);
  },
  2 * MINUTE,
);

/** Metric names of a query. */
function metricsOf({ expr }: PanelQuery): string[] {
  const parsed = parsePromql(expr.replaceAll(/\$\w+(?=\])/g, '1m').replaceAll('$', ''));
  if (!parsed.ok) throw new Error(expr);
  return [...new Set(selectors(parsed.expr).flatMap(({ name }) => (name === null ? [] : [name])))];
}

const broken = (variable: DashboardVariable): DashboardVariable[] => {
  if (variable.type === 'constant') return [{ ...variable, query: 'nobody' }];
  if (variable.type !== 'query') return [];
  const query = { query: 'label_values(nobody, service)' };
  return [
    { ...variable, query },
    { ...variable, query, allValue: '' },
    { ...variable, allValue: 'nobody' },
  ];
};

const used = ({ expr, variables }: PanelQuery) => variables.filter(({ name }) => expr.includes(`$${name}"`));

const MUTANTS: { name: string; of: (query: PanelQuery) => PanelQuery[] }[] = [
  { name: 'an emptied query', of: (query) => [{ ...query, expr: '' }] },
  {
    name: 'a renamed metric',
    of: (query) =>
      metricsOf(query).map((metric) => ({
        ...query,
        expr: query.expr.replaceAll(new RegExp(`\\b${metric}\\{`, 'g'), `${metric}_gone{`),
      })),
  },
  {
    name: 'a broken variable',
    of: (query) =>
      used(query).flatMap((variable) =>
        broken(variable).map((other) => ({
          ...query,
          variables: query.variables.map((one) => (one === variable ? other : one)),
        })),
      ),
  },
  {
    name: 'a variable that is gone',
    of: (query) =>
      used(query).map((variable) => ({ ...query, variables: query.variables.filter((one) => one !== variable) })),
  },
];

test.each(MUTANTS)(
  '$name is caught in every panel that has data while all is well',
  async ({ of }) => {
    const mutants = queries.filter(({ emptyWhenHealthy }) => emptyWhenHealthy === null).flatMap(of);
    expect(mutants.length).toBeGreaterThanOrEqual(queries.length - 5);
    const survived: string[] = [];
    for (const mutant of mutants) {
      const look = await onlooker.look(mutant);
      if (healthy(mutant, look) === 'pass') survived.push(`${mutant.dashboard} ${mutant.panel}: ${mutant.expr}`);
    }
    expect(survived).toEqual([]);
  },
  3 * MINUTE,
);

test(
  'the same mutants are caught in panels that are empty while all is well: nothing moves them',
  async () => {
    const mutants = queries
      .filter(({ emptyWhenHealthy }) => emptyWhenHealthy !== null)
      .flatMap((query) => MUTANTS.flatMap(({ of }) => of(query)));
    expect(mutants.length).toBeGreaterThan(9);
    const rows = await executePanels({
      disturb: true,
      catalogue,
      queries: mutants,
      onlooker,
      world: stage.world,
      signal: session.signal,
      warmWithinMs: 0,
    });
    expect(rows.filter(({ outcome }) => outcome === 'pass')).toEqual([]);
  },
  10 * MINUTE,
);
