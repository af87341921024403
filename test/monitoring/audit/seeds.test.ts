import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { auditTexts } from './support.ts';

const FOLDER = new URL('../../fixtures/audit/', import.meta.url);

/** Every error in the rules and examples that the five documents print, and no other. */
const ERRORS: readonly (readonly [rule: string, id: string])[] = [
  ['HighLatency', 'lifetime-quantile'],
  ['DatabaseSlowQueries', 'lifetime-quantile'],
  ['LowCacheHitRate', 'lifetime-ratio'],
  ['example:cache_hit_rate:lifetime', 'lifetime-ratio'],
  ['HighErrorRate', 'per-second-as-share'],
  ['example:llm_success_rate:by_provider', 'cannot-fire'],
  ['example:llm_response_time:mean_by_provider', 'syntax'],
  ['example:db_connections:trend', 'rate-on-gauge'],
  ['LLMProviderError', 'born-with-error'],
  ['high_cpu_usage', 'contradictory-severities'],
  ['HighCPUUsage', 'contradictory-severities'],
  ['model_accuracy_low', 'percent-against-ratio'],
  ['ModelAccuracyLow', 'percent-against-ratio'],
];

test('the rules of the five documents have their known faults and no other', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  expect(names).toHaveLength(5);
  const found = auditTexts(
    Object.fromEntries(names.map((name) => [name, readFileSync(fileURLToPath(new URL(name, FOLDER)), 'utf8')])),
  );
  expect(found).toHaveLength(25);
  const errors = found.flatMap(({ rule, findings }) =>
    findings.filter(({ severity }) => severity === 'error').map(({ id }) => `${rule.name} ${id}`),
  );
  expect(errors.sort()).toEqual(ERRORS.map((row) => row.join(' ')).sort());
});

test('the derived rules of the catalogue have no error', () => {
  const path = fileURLToPath(new URL('../../../monitoring/generated/prometheus/alert_rules.yml', import.meta.url));
  const found = auditTexts({ 'alert_rules.yml': readFileSync(path, 'utf8') });
  expect(found.length).toBeGreaterThan(4);
  expect(found.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'))).toEqual([]);
});
