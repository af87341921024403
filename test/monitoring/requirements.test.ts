import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Rule } from '../../monitoring/rules.ts';
import type { TargetGroup } from '../../monitoring/targets.ts';
import type { Service } from '../../thresholds/model.ts';
import { CATALOGUE, derived, ROOT, TEXTS } from './deploy/support.ts';

/** What is asked for, as far as derived files answer it; what the catalogue answers is asked of it in thresholds/catalogue.test.ts. */
interface Required {
  id: string;
  services: string[];
  ports?: Record<string, number>;
  metrics: Record<string, { type: string; labels?: string[] }>;
  alerts: { name: string; expr?: string; for: string; severity: string; what?: string }[];
  severities?: string[];
  receivers?: string[];
  routing?: { receiver: string; url: string } & Record<string, string | string[]>;
  dashboards: Record<string, string[]>;
  health_checks?: { name: string; path: string }[];
  files?: string[];
}

const PATH = `${ROOT}../shared/requirements.yaml`;
const present = existsSync(PATH);
const systems: Required[] = present ? parse(readFileSync(PATH, 'utf8')).systems : [];

const rules: Rule[] = parse(derived('prometheus/alert_rules.yml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
const targets: TargetGroup[] = parse(derived('prometheus/targets.yml'));
const alertmanager = parse(derived('alertmanager/alertmanager.yml'));
const dashboards = [...TEXTS].flatMap(([path, text]) => {
  const [, folder] = /^grafana\/dashboards\/([^/]+)\//.exec(path) ?? [];
  return folder === undefined
    ? []
    : [{ folder, dashboard: JSON.parse(text) as { title: string; panels: { title: string }[] } }];
});

describe.skipIf(!present)(`the written requirements${present ? '' : ` (skipped: ${PATH} is not here)`}`, () => {
  test('are read: five systems, 18 alerts, 20 dashboards, 81 panels', () => {
    const all = systems.flatMap((system) => Object.values(system.dashboards));
    expect([systems.length, systems.flatMap(({ alerts }) => alerts).length, all.length, all.flat().length]).toEqual([
      5, 18, 20, 81,
    ]);
  });

  test('every metric is one that its system exports, with its type and labels', () => {
    expect(
      missing(systems, ({ id, metrics }) => {
        const exported = systemOf(id).services.flatMap((service) => service.metrics);
        return Object.entries(metrics).flatMap(([name, { type, labels = [] }]) => {
          const found = exported.filter((metric) => metric.name === name && metric.type === type);
          return found.some((metric) => labels.every((label) => label in metric.labels)) ? [] : [name];
        });
      }),
    ).toEqual([]);
  });

  test('every alert is in the rules, with its `for`, its severity, its expression and a page of the runbook', () => {
    expect(
      missing(systems, ({ id, alerts }) =>
        alerts.flatMap(({ name, expr, for: hold, severity, what }) => {
          const rule = rules.find((one) => one.alert === name && one.labels?.system === id);
          if (rule === undefined) return [`${name} is not there`];
          return [
            ...(rule.for === hold ? [] : [`${name} holds for ${rule.for}, not ${hold}`]),
            ...(rule.labels?.severity === severity ? [] : [`${name} is ${rule.labels?.severity}, not ${severity}`]),
            ...(rule.annotations?.runbook_url ? [] : [`${name} has no runbook_url`]),
            ...(rule.annotations?.dashboard_url ? [] : [`${name} has no dashboard_url`]),
            ...(expr === undefined || means(rule.expr, expr) ? [] : [`${name} is not ${expr}: ${rule.expr}`]),
            ...(what === undefined || rule.expr.includes(limitOf(what))
              ? []
              : [`${name} is not ${what}: ${rule.expr}`]),
          ];
        }),
      ),
    ).toEqual([]);
  });

  test('every severity is used by an alert', () => {
    expect(
      missing(systems, ({ id, severities = [] }) =>
        severities.filter(
          (severity) => !rules.some(({ labels }) => labels?.system === id && labels.severity === severity),
        ),
      ),
    ).toEqual([]);
  });

  test('every receiver is one that the routes of its system lead to', () => {
    expect(
      missing(systems, ({ id, receivers = [], routing }) => {
        const route = routeOf(id);
        const text = JSON.stringify(route ?? {});
        const reached = [...receivers, ...(routing === undefined ? [] : [routing.receiver])].filter(
          (name) => !text.includes(`"receiver":"${name}"`),
        );
        if (routing === undefined) return reached;
        const { receiver, url, ...timings } = routing;
        const settings = alertmanager.receivers.find(({ name }: { name: string }) => name === receiver);
        return [
          ...reached,
          ...(settings?.webhook_configs?.[0]?.url === url ? [] : [`${receiver} at ${url}`]),
          ...Object.entries(timings)
            .filter(([key, value]) => JSON.stringify(route?.[key]) !== JSON.stringify(value))
            .map(String),
        ];
      }),
    ).toEqual([]);
  });

  test('every dashboard is in the folder of its system, with every panel', () => {
    expect(
      missing(systems, ({ id, dashboards: asked }) =>
        Object.entries(asked).flatMap(([title, panels]) => {
          const found = dashboards.find(
            ({ folder, dashboard }) => folder === id && dashboard.title === title,
          )?.dashboard;
          const titles = found?.panels.map((panel) => panel.title);
          return titles === undefined
            ? [title]
            : panels.filter((panel) => !titles.includes(panel)).map((panel) => `${title}: ${panel}`);
        }),
      ),
    ).toEqual([]);
  });

  test('every service is there, and scraped at its port', () => {
    expect(
      missing(systems, ({ id, services, ports = {} }) => {
        const known = systemOf(id).services;
        return services.flatMap((name) => {
          const service = known.find((one) => one.id === name);
          if (service === undefined) return [name];
          const port = ports[name];
          const target = targets.find(({ labels }) => labels.system === id && labels.service === name)?.targets[0];
          const at = target === undefined ? String(service.port) : (target.split(':')[1] ?? '');
          return port === undefined || at === String(port) ? [] : [`${name} at ${port}`];
        });
      }),
    ).toEqual([]);
  });

  test('every health check is a request that is made, with what it expects', () => {
    expect(
      missing(systems, ({ id, health_checks: checks = [] }) =>
        checks.flatMap(({ name, path }) => {
          const [, port, below] = /^:(\d+)(\/.*)$/.exec(path) ?? [];
          const looked = systemOf(id).services.filter((service) => String(service.port) === port);
          return looked.some((service) => asks(service, below ?? '')) ? [] : [`${name} ${path}`];
        }),
      ),
    ).toEqual([]);
  });

  test('every file is derived under the name that was asked for', () => {
    const paths = [...TEXTS.keys()];
    expect(
      missing(systems, ({ id, files = [] }) =>
        files.flatMap(namesIn).filter((name) => {
          const place = DECIDED[name] ?? name;
          return !paths.some(
            (path) => path === place || path.startsWith(`${place}/`) || path.endsWith(`${id}/${place}`),
          );
        }),
      ),
    ).toEqual([]);
  });
});

/** Where the documents call one file by several names, the one that was decided on. */
const DECIDED: Readonly<Record<string, string>> = {
  'prometheus/rules/alerts.yml': 'prometheus/alert_rules.yml',
  'grafana/datasources/prometheus.yml': 'grafana/provisioning/datasources',
};

/** `dashboards a.json b.json` names two files. */
function namesIn(text: string): string[] {
  const words = text.replace(/^(grafana\/)?dashboards:? /, '').split(' ');
  return words.map((word) => word.trim());
}

function missing(all: readonly Required[], of: (system: Required) => string[]): string[] {
  return all.flatMap((system) => of(system).map((what) => `${system.id}: ${what}`));
}

function systemOf(id: string) {
  return CATALOGUE.systems.find((system) => system.id === id) ?? expect.fail(`no system ${id}`);
}

function routeOf(id: string): Record<string, unknown> | undefined {
  return alertmanager.route.routes.find(({ matchers }: { matchers: string[] }) => matchers.includes(`system="${id}"`));
}

/** A load test, a probe or a scrape looks at the path. */
function asks(service: Service, path: string): boolean {
  const endpoints = 'endpoints' in service ? service.endpoints : [];
  const probes = [service.probe, ...service.furtherProbes.values()];
  return [...endpoints, ...probes, ...(service.scrape === null ? [] : [service.scrape])].some((one) =>
    new RegExp(`"${path}["?]`).test(JSON.stringify(one)),
  );
}

/** The metric of an expression, and its comparison with a number, are those of another: labels and aggregation are its own affair. */
function means(expression: string, asked: string): boolean {
  const [, metric = '', comparison = ''] =
    /^(?:rate\()?(\w+)[^>=<]*(?:\{.*\}\[\w+\]\))? ([<>=]+ \S+)$/.exec(asked) ?? [];
  const bare = expression.replaceAll(/\{[^{}]*\}/g, '');
  return metric !== '' && bare.includes(metric) && bare.includes(comparison);
}

/** "p95 above 5 s" is `> 5`, "above 90 %" is `> 0.9`. */
function limitOf(what: string): string {
  const [, value = '', unit = ''] = /above ([\d.]+) (s|%)$/.exec(what) ?? [];
  return `> ${unit === '%' ? Number(value) / 100 : value}`;
}
