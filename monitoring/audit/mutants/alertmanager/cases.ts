import { inhibits, receiversOf, routesOf } from './evaluate.ts';
import { allRoutes, type InhibitRule, type Labels, type Routing } from './routing.ts';

/** An alert as Alertmanager would get it. */
export interface RoutedAlert {
  labels: Labels;
  /** Labels that its rule fixes; the others come from the data. */
  fixed: ReadonlySet<string>;
}

/** What must hold of an Alertmanager file. */
export interface RoutingTest {
  name: string;
  about: 'routes' | 'grouping' | 'inhibition';
  holds: (routing: Routing) => boolean;
}

/** Pairs that are looked at; alerts that differ in no label that inhibition reads count once. */
const MAX_PAIRED = 120;

/** The tests that the file itself gives: every alert goes where it goes now, is grouped as now, and silences what it silences now. */
export function goldenTests(routing: Routing, alerts: readonly RoutedAlert[]): RoutingTest[] {
  const routes = [...allRoutes(routing.root)];
  const read = new Set(routes.flatMap(({ matchers, groupBy }) => [...matchers.map(({ label }) => label), ...groupBy]));
  const cases = distinct(alerts, read);
  const toReceivers = cases.map(({ labels }): RoutingTest => {
    const expected = receiversOf(routing, labels).join('\n');
    return {
      name: `receivers of ${nameOf(labels)}`,
      about: 'routes',
      holds: (changed) => receiversOf(changed, labels).join('\n') === expected,
    };
  });
  const grouped = partition(routing, cases);
  const grouping: RoutingTest = {
    name: 'which alerts share a notification',
    about: 'grouping',
    holds: (changed) => partition(changed, cases) === grouped,
  };
  return [...toReceivers, ...(cases.length === 0 ? [] : [grouping]), ...inhibitionTests(routing, alerts)];
}

/** Which alerts share a notification group, as a text that is equal for equal partitions. */
function partition({ root }: Routing, cases: readonly RoutedAlert[]): string {
  const order = new Map([...allRoutes(root)].map((route, index) => [route, index]));
  const known = new Map<string, number>();
  return cases
    .map(({ labels }) =>
      routesOf(root, labels).map((route) => {
        const all = route.groupBy.includes('...');
        const values = all
          ? Object.entries(labels).sort()
          : [...route.groupBy].sort().map((label) => [label, labels[label] ?? '']);
        const key = `${order.get(route)} ${JSON.stringify(values.filter(([, value]) => value !== ''))}`;
        if (!known.has(key)) known.set(key, known.size);
        return known.get(key);
      }),
    )
    .join(';');
}

function inhibitionTests(routing: Routing, alerts: readonly RoutedAlert[]): RoutingTest[] {
  const read = new Set(
    routing.inhibitRules.flatMap(({ source, target, equal }) => [
      ...[...source, ...target].map(({ label }) => label),
      ...equal,
    ]),
  );
  if (read.size === 0) return [];
  const cases = distinct(alerts, read).slice(0, MAX_PAIRED);
  const tests = new Map<string, RoutingTest>();
  for (const source of cases) {
    for (const target of cases) {
      for (const rule of routing.inhibitRules) {
        for (const labels of pairings(rule, source, target)) {
          const key = `${nameOf(source.labels)} silences ${nameOf(labels)}`;
          if (tests.has(key)) continue;
          const expected = inhibits(routing, source.labels, labels);
          tests.set(key, {
            name: expected ? key : key.replace(' silences ', ' leaves alone '),
            about: 'inhibition',
            holds: (changed) => inhibits(changed, source.labels, labels) === expected,
          });
        }
      }
    }
  }
  return [...tests.values()];
}

/** The target with the labels of the source where the data may give it those, and with each of them another. */
function pairings({ equal }: InhibitRule, source: RoutedAlert, target: RoutedAlert): Labels[] {
  const free = equal.filter((label) => !target.fixed.has(label) || target.labels[label] === source.labels[label]);
  if (free.length < equal.length) return [target.labels];
  const shared = (label: string) => source.labels[label] ?? target.labels[label] ?? '';
  const aligned = { ...target.labels, ...Object.fromEntries(equal.map((label) => [label, shared(label)])) };
  const movable = equal.filter((label) => !target.fixed.has(label) && label in source.labels);
  return [aligned, ...movable.map((label) => ({ ...aligned, [label]: `other-${shared(label)}` })), target.labels];
}

/** Alerts by the labels that are read; of equals the first. */
function distinct(alerts: readonly RoutedAlert[], read: ReadonlySet<string>): RoutedAlert[] {
  const found = new Map<string, RoutedAlert>();
  const all = read.has('...');
  for (const { labels, fixed } of alerts) {
    const kept = Object.fromEntries(Object.entries(labels).filter(([name]) => all || read.has(name)));
    const key = JSON.stringify(Object.entries(kept).sort());
    if (!found.has(key)) found.set(key, { labels: kept, fixed });
  }
  return [...found.values()];
}

/** `{alertname="X", severity="critical"}` */
export function nameOf(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}
