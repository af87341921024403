import { expect, test } from 'vitest';
import { alertLimits } from '../../../monitoring/dashboards/limits.ts';
import { CATALOGUE } from './built-in.ts';

function limits(system: string, names: Parameters<typeof alertLimits>[1]) {
  const found = CATALOGUE.systems.find(({ id }) => id === system);
  if (found === undefined) throw new Error(`no system ${system}`);
  return alertLimits(found, names);
}

test.each([
  [
    'flashcards',
    { warning: 'ModerateErrorRate', critical: 'HighErrorRate' },
    { breach: 'above', warning: 0.02, critical: 0.05 },
  ],
  [
    'flashcards',
    { warning: 'ElevatedResponseTime', critical: 'HighResponseTime' },
    { breach: 'above', warning: 2, critical: 5 },
  ],
  [
    'flashcards',
    { warning: 'ElevatedDiskUsage', critical: 'HighDiskUsage' },
    { breach: 'above', warning: 0.7, critical: 0.85 },
  ],
  ['mcp-tools', { critical: 'LowDiskSpace' }, { breach: 'below', critical: 10 }],
  ['personalization', { warning: 'LowCacheHitRate' }, { breach: 'below', warning: 0.7 }],
  ['personalization', { warning: 'DatabaseSlowMean' }, { breach: 'above', warning: 0.1 }],
  ['mcp-tools', { critical: 'ServiceDown' }, null],
  ['mcp-tools', { critical: 'NoSuchAlert' }, null],
])('%s %j', (system, names, expected) => {
  expect(limits(system, names)).toEqual(expected);
});
