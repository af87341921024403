import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SECRETS_FOLDER } from '../../../monitoring/receivers.ts';
import { derived, interpolated, publishedSchema, ROOT, TEXTS } from './support.ts';

interface Service {
  image: string;
  build?: object;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  mem_limit?: string;
  networks: string[];
  ports?: string[];
  restart?: string;
  secrets?: (string | { source: string; target: string })[];
  volumes?: (string | { type: string; source: string; target: string; read_only?: boolean })[];
}

interface Compose {
  services: Record<string, Service>;
  networks: object;
  volumes: object;
  secrets: Record<string, { file: string }>;
}

const TEXT = derived('docker-compose.monitoring.yml');
const ADMIN = { GRAFANA_ADMIN_USER: 'ada', GRAFANA_ADMIN_PASSWORD: 'a long one' };
const read = (env: Record<string, string> = {}) =>
  // As Compose does it: in the values, after the file is read.
  parse(TEXT, (_, value) => (typeof value === 'string' ? interpolated(value, { ...ADMIN, ...env }) : value)) as Compose;
const compose = read();
const services = Object.entries(compose.services).map(([name, service]) => ({ name, service }));
const commandOf = (name: string, env = {}) => read(env).services[name]?.command?.join(' ') ?? '';

describe('the Compose file', () => {
  const schema = publishedSchema('compose-spec.json');
  test.skipIf(schema === null)(
    `is as the specification has it${schema === null ? ' (skipped: no schema)' : ''}`,
    () => {
      const validate = new Ajv({ strict: false, validateFormats: false }).compile(
        JSON.parse(
          (schema ?? '').replace(
            '"https://json-schema.org/draft-07/schema"',
            '"http://json-schema.org/draft-07/schema"',
          ),
        ),
      );
      validate(compose);
      expect(validate.errors ?? []).toEqual([]);
      expect(validate({ services: { prometheus: { imag: 'typo' } } })).toBe(false);
    },
  );

  test('runs all of the monitoring stack', () => {
    expect(Object.keys(compose.services)).toEqual([
      'prometheus',
      'alertmanager',
      'grafana',
      'node-exporter',
      'cadvisor',
      'redis-exporter',
      'firedrill-prober',
      'prometheus-archive',
    ]);
  });

  test.each(['GRAFANA_ADMIN_USER', 'GRAFANA_ADMIN_PASSWORD'])(
    'does not start without %s, or with an empty one',
    (name) => {
      for (const value of ['', undefined]) {
        const env: Record<string, string> = Object.fromEntries(
          Object.entries({ ...ADMIN, [name]: value }).filter(([, one]) => one !== undefined),
        ) as Record<string, string>;
        expect(() => interpolated(TEXT, env)).toThrow(name);
      }
      expect(() => interpolated(TEXT, ADMIN)).not.toThrow();
    },
  );

  test('holds no password and no token, not even as a fallback', () => {
    const fallbacks = [...TEXT.matchAll(/\$\{(\w*(?:PASSWORD|TOKEN|SECRET|KEY)\w*):-([^}]*)\}/g)];
    expect(
      fallbacks
        .filter(([, name, fallback]) => fallback !== '' && name !== 'MONITORING_SECRETS')
        .map(([, name]) => name),
    ).toEqual([]);
    expect(compose.services.grafana?.environment).toMatchObject({
      GF_SECURITY_ADMIN_USER: ADMIN.GRAFANA_ADMIN_USER,
      GF_SECURITY_ADMIN_PASSWORD: ADMIN.GRAFANA_ADMIN_PASSWORD,
    });
  });

  test.each(services)('$name is pinned, checked, limited, started again, and open to nobody else', ({ service }) => {
    const own = 'build' in service;
    expect(service.image).toMatch(own ? /^firedrill:local$/ : /^[\w./-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
    expect(service.healthcheck?.test[0]).toBe('CMD-SHELL');
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.restart).toBe('unless-stopped');
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(service).not.toHaveProperty('privileged');
    for (const volume of service.volumes ?? []) {
      if (typeof volume !== 'string') expect(volume, volume.target).toMatchObject({ type: 'bind', read_only: true });
    }
  });

  test('uses every network, volume and secret that it declares, and no other', () => {
    const used = (pick: (service: Service) => string[]) => new Set(services.flatMap(({ service }) => pick(service)));
    const declared = (what: object) => new Set(Object.keys(what));
    expect(used(({ networks }) => networks)).toEqual(declared(compose.networks));
    expect(
      used(({ volumes = [] }) => volumes.flatMap((one) => (typeof one === 'string' ? [one.split(':')[0] ?? ''] : []))),
    ).toEqual(declared(compose.volumes));
    expect(used(({ secrets = [] }) => secrets.map((one) => (typeof one === 'string' ? one : one.source)))).toEqual(
      declared(compose.secrets),
    );
  });

  test('mounts derived files that there are', () => {
    const sources = services.flatMap(({ service: { volumes = [] } }) =>
      volumes.flatMap((one) => (typeof one === 'string' || !/^\.\/[^.]/.test(one.source) ? [] : [one.source.slice(2)])),
    );
    expect(sources).toContain('prometheus');
    for (const source of sources)
      expect(
        [...TEXTS.keys()].filter((path) => path.startsWith(source)),
        source,
      ).not.toEqual([]);
    const configs = [commandOf('prometheus'), commandOf('prometheus-archive')]
      .join(' ')
      .match(/(?<=config\.file=\/etc\/)\S+/g);
    expect(configs?.map((path) => TEXTS.has(path))).toEqual([true, true]);
    expect(TEXTS.has('prometheus/prometheus-long-term.yml')).toBe(true);
  });

  test('gives Alertmanager each file of secrets that its configuration names', () => {
    const { secrets = [] } = compose.services.alertmanager ?? {};
    const targets = secrets.map((one) => (typeof one === 'string' ? one : one.target));
    const named = [...derived('alertmanager/alertmanager.yml').matchAll(/_file: (\S+)/g)].map(([, path]) => path);
    expect(named.some((path) => path?.startsWith(SECRETS_FOLDER))).toBe(true);
    expect(new Set(targets)).toEqual(new Set(['/etc/alertmanager/alertmanager.yml', ...named]));
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/\.\.\/secrets\//);
  });
});

describe('what can be set', () => {
  test('retention: 15 days without a word, else what is said', () => {
    expect(commandOf('prometheus')).toContain('--storage.tsdb.retention.time=15d');
    expect(commandOf('prometheus', { PROMETHEUS_RETENTION: '30d' })).toContain('--storage.tsdb.retention.time=30d');
    expect(commandOf('prometheus-archive')).toContain('--storage.tsdb.retention.time=1y');
  });

  test('a look without a login: off, and the rights of a viewer when on', () => {
    const anonymous = (env = {}) => read(env).services.grafana?.environment;
    expect(anonymous()).toMatchObject({ GF_AUTH_ANONYMOUS_ENABLED: 'false', GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer' });
    expect(anonymous({ GRAFANA_ANONYMOUS_VIEWER: 'true' })).toMatchObject({ GF_AUTH_ANONYMOUS_ENABLED: 'true' });
  });

  test('is in the table of monitoring/README.md, and nothing else', () => {
    const [, table = ''] =
      /\| variable \|.*\n((?:\|.*\n)+)/.exec(readFileSync(`${ROOT}monitoring/README.md`, 'utf8')) ?? [];
    const told = table
      .split('\n')
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
    const used = [...TEXT.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    expect([...told].sort()).toEqual([...new Set(used)].sort());
  });

  test('where the derived files are, when another Compose file comes first', () => {
    const merged = interpolated(TEXT, { ...ADMIN, MONITORING_DIR: 'deploy/monitoring' });
    expect(merged).toContain('source: deploy/monitoring/prometheus\n');
    expect(merged).toContain('file: deploy/monitoring/../secrets/prober_token\n');
    expect(merged).not.toMatch(/(source|file|path|context): \.\.?\//);
  });
});
