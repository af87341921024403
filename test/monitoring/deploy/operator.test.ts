import { Probe, PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import {
  AlertmanagerConfig,
  ScrapeConfig,
} from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { deriveTargets } from '../../../monitoring/targets.ts';
import { CATALOGUE, derived, publishedSchema } from './support.ts';

// biome-ignore lint/suspicious/noExplicitAny: manifests of many kinds, looked at by path.
type Manifest = any;

const KINDS = [
  { kind: 'PrometheusRule', file: 'prometheusrule.yaml', schema: 'prometheusrule.crd.yaml', Model: PrometheusRule },
  { kind: 'Probe', file: 'probe.yaml', schema: 'probe.crd.yaml', Model: Probe },
  { kind: 'ScrapeConfig', file: 'scrapeconfig.yaml', schema: 'scrapeconfig.crd.yaml', Model: ScrapeConfig },
  {
    kind: 'AlertmanagerConfig',
    file: 'alertmanagerconfig.yaml',
    schema: 'alertmanagerConfig.crd.yaml',
    Model: AlertmanagerConfig,
  },
];
const manifestsOf = (file: string): Manifest[] =>
  parseAllDocuments(derived(`k8s/monitoring/operator/${file}`)).map((document) => document.toJS());
const [{ spec: routing }] = manifestsOf('alertmanagerconfig.yaml') as [Manifest];

describe.each(KINDS)('$kind', ({ kind, file, schema, Model }) => {
  const manifests = manifestsOf(file);

  test('is as the model of the operator has it', () => {
    expect(manifests.length).toBeGreaterThan(0);
    for (const one of manifests) {
      expect(one.kind).toBe(kind);
      new Model(one).validate();
    }
    expect(() => new Model({ ...manifests[0], spec: 'nothing' }).validate()).toThrow();
  });

  const published = publishedSchema(schema);
  test.skipIf(published === null)(
    `holds no field but those of the published schema${published === null ? ' (skipped: it is not here)' : ''}`,
    () => {
      const { versions } = parse(published ?? '').spec;
      const version = versions.find(({ name }: Manifest) => manifests[0].apiVersion.endsWith(`/${name}`));
      const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(
        closed(version.schema.openAPIV3Schema),
      );
      for (const one of manifests) {
        validate(one);
        expect(
          (validate.errors ?? []).map(({ instancePath, message, params }) => ({ instancePath, message, params })),
        ).toEqual([]);
      }
      expect(validate({ ...manifests[0], spec: { ...manifests[0].spec, unheardOf: true } })).toBe(false);
    },
  );
});

test('the rules are those of the rule file', () => {
  expect(manifestsOf('prometheusrule.yaml').flatMap(({ spec }) => spec.groups)).toEqual(
    parse(derived('prometheus/alert_rules.yml')).groups,
  );
});

test('every scraped service is scraped with its identity', () => {
  const scraped = manifestsOf('scrapeconfig.yaml').flatMap(({ spec }) => spec.staticConfigs);
  const identity = ({ system, service, environment, job }: Record<string, string>) => ({
    system,
    service,
    environment,
    job,
  });
  const wanted = deriveTargets(CATALOGUE).map(({ targets, labels }) => ({ targets, labels: identity(labels) }));
  expect(scraped.length).toBe(wanted.length);
  expect(scraped).toEqual(expect.arrayContaining(wanted));
});

test('every target is probed that may be probed on demand', () => {
  const asked = manifestsOf('probe.yaml').flatMap(({ spec }) => spec.targets.staticConfig.static);
  const services = CATALOGUE.systems.flatMap((system) => system.services);
  const wanted = services.filter(({ probe }) => !['llm', 'heartbeat'].includes(probe.kind)).map(({ target }) => target);
  expect(asked).toEqual(expect.arrayContaining(wanted));
  expect(
    asked.filter((one: string) => !services.some(({ target }) => one === target || one.startsWith(`${target}/`))),
  ).toEqual([]);
});

describe('routes and receivers', () => {
  const config = parse(derived('alertmanager/alertmanager.yml'));

  test('go to the same receivers by the same matchers, in the same order', () => {
    const plain = (route: Manifest): Manifest => ({
      receiver: route.receiver,
      continue: route.continue ?? false,
      matchers: (route.matchers ?? []).map((matcher: Manifest) =>
        typeof matcher === 'string' ? matcher : `${matcher.name}${matcher.matchType}${JSON.stringify(matcher.value)}`,
      ),
      routes: (route.routes ?? []).map(plain),
    });
    expect(plain(routing.route)).toEqual(plain(config.route));
    expect(routing.receivers.map(({ name }: Manifest) => name)).toEqual(
      config.receivers.map(({ name }: Manifest) => name),
    );
    expect(routing.inhibitRules.length).toBe(config.inhibit_rules.length);
  });

  test('name secrets, and hold none', () => {
    const text = JSON.stringify(routing.receivers);
    expect(text).not.toContain('secret.invalid');
    const keys = [...text.matchAll(/\{"name":"alertmanager","key":"([^"]+)"\}/g)].map(([, key]) => key);
    expect(keys).toEqual(
      expect.arrayContaining(['FIREDRILL_SLACK_API_URL', 'FIREDRILL_DISCORD_WEBHOOK_URL', 'pagerduty_routing_key']),
    );
  });
});

/** The schema with every object closed to fields that it does not name: an API server would drop those without a word. */
function closed(schema: Manifest): Manifest {
  if (Array.isArray(schema)) return schema.map(closed);
  // Go's way to say that case does not matter; what is derived is in lower case.
  if (typeof schema === 'string') return schema.replaceAll('(?i)', '');
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  // Metadata has a schema of its own, which a CRD does not repeat.
  return schema.type === 'object' && schema.properties !== undefined && !open
    ? { ...inner, additionalProperties: false }
    : inner;
}
