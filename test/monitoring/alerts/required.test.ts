import { expect, test } from 'vitest';
import { deriveAlerts } from '../../../monitoring/alerts/groups.ts';
import { deriveRunbook } from '../../../monitoring/runbook.ts';
import { formatPrometheusDuration } from '../../../thresholds/units.ts';
import { CATALOGUE } from '../dashboards/built-in.ts';

/** What the five documents ask for: name, `for`, severity, and the number at which it fires. */
const REQUIRED: Readonly<Record<string, readonly (readonly [string, string, string, RegExp])[]>> = {
  'mcp-service': [['high_cpu_usage', '5m', 'warning', /cpu_usage_percent\{system="mcp-service"[^}]*\}\) > 70$/]],
  'mcp-tools': [
    ['ServiceDown', '1m', 'critical', /up\{system="mcp-tools"\} == 0$/],
    ['HighErrorRate', '2m', 'warning', /> 0\.1$/],
    ['HighCPUUsage', '5m', 'warning', /cpu_usage_percent\{system="mcp-tools"\}\) > 80$/],
    ['LowDiskSpace', '1m', 'critical', /disk_free_percent\{system="mcp-tools"\}\) < 10$/],
  ],
  flashcards: [
    ['ServiceDown', '1m', 'critical', /up\{system="flashcards"\} == 0$/],
    ['HighErrorRate', '5m', 'critical', /> 0\.05\b/],
    ['HighResponseTime', '5m', 'critical', /histogram_quantile\(0\.95, .*> 5\b/],
    ['HighMemoryUsage', '5m', 'critical', /> 0\.9\b/],
    ['HighDiskUsage', '5m', 'critical', /> 0\.85$/],
    ['ModerateErrorRate', '10m', 'warning', /> 0\.02\b/],
    ['ElevatedResponseTime', '10m', 'warning', /histogram_quantile\(0\.95, .*> 2\b/],
    ['ElevatedMemoryUsage', '10m', 'warning', /> 0\.75\b/],
    ['ElevatedDiskUsage', '10m', 'warning', /> 0\.7$/],
  ],
  personalization: [
    ['HighLatency', '5m', 'warning', /histogram_quantile\(0\.95, sum by \(le, .*rate\(.*\[5m\].*> 0\.5$/],
    ['DatabaseSlowQueries', '2m', 'critical', /histogram_quantile\(0\.99, sum by \(le, .*rate\(.*\[5m\].*> 1$/],
    ['LowCacheHitRate', '10m', 'warning', /cache_hits_total.*\[5m\][\s\S]*< 0\.7$/],
    ['LLMProviderError', '5m', 'critical', /sum by \(provider, .*status="error"/],
  ],
  'face-attributes': [
    ['ModelNotLoaded', '1m', 'critical', /model_loaded\{.*< 1$/],
    ['ModelDrift', '5m', 'warning', /drift_score\{.*> 0\.25$/],
    ['LowModelAccuracy', '10m', 'warning', /min by \(attribute, .*model_accuracy\{system="face-attributes".*< 0\.9$/],
    ['HighLatency', '5m', 'warning', /histogram_quantile\(0\.95, .*> 0\.5$/],
    ['HighErrorRate', '5m', 'critical', /> 0\.05$/],
  ],
};

const derived = deriveAlerts(CATALOGUE);

test.each(Object.entries(REQUIRED).flatMap(([system, alerts]) => alerts.map((alert) => [system, ...alert] as const)))(
  '%s: %s for %s, %s',
  (system, name, hold, severity, limit) => {
    const [alert, ...twins] = derived.filter((each) => each.system === system && each.name === name);
    expect(twins).toEqual([]);
    expect(formatPrometheusDuration(alert?.forMs ?? 0)).toBe(hold);
    expect(alert).toMatchObject({ severity, expr: expect.stringMatching(limit) });
  },
);

test('a rule of the documents that is written anew says what was wrong with it', () => {
  const own = Object.entries(REQUIRED).filter(([system]) => system !== 'face-attributes');
  const silent = own.flatMap(([system, alerts]) =>
    alerts.flatMap(([name]) => {
      return derived.some((each) => each.system === system && each.name === name && each.note !== null) ? [] : [name];
    }),
  );
  expect(silent).toEqual([]);
});

test('a metric whose absence the catalogue watches itself gets no second alert for it', () => {
  const reading = derived.filter(({ system, expr }) => {
    return system === 'mcp-service' && /unless[\s\S]*\bmodel_accuracy\b/.test(expr);
  });
  expect(reading.map(({ name }) => name)).toEqual(['ModelUnmeasured']);
});

test.each([
  ['flashcards', 'HighMemoryUsage', 'the container `<name>` or of the machine'],
  ['flashcards', 'HighMemoryUsage', 'Watches cadvisor and node-exporter of Flashcards.'],
  ['flashcards', 'HighErrorRate', 'Watches frontend, backend, ocr, llm, mlflow-ocr and mlflow-llm of Flashcards.'],
  ['mcp-tools', 'HighCPUUsage', 'Watches every service of MCP tools.'],
  ['personalization', 'LowCacheHitRate', 'Watches backend of AI personalization.'],
  ['personalization', 'LowCacheHitRate', 'Each miss asks the database.'],
])('the runbook says of %s %s: %s', (system, name, text) => {
  const [, section] = deriveRunbook(CATALOGUE).split(`## ${system} ${name}\n`);
  expect(section?.split('\n## ')[0]).toContain(text);
});
