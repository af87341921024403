import { describe, expect, it } from 'vitest';
import { compilePattern, patternSamples } from '../../../monitoring/audit/witness/labels/pattern.ts';

describe('texts that a pattern matches', () => {
  it.each([
    ['alternatives', 'Failed|Pending|Unknown', 3],
    ['classes and counts', 'web-[a-z0-9]{5,10}-[a-z0-9]{5}', 1],
    ['anything', '.*', 1],
    ['at least something', '.+', 1],
    ['case that does not matter', '(?i)PROD.*', 1],
    ['optional parts', 'prod|', 2],
    ['escapes', '([^:]+):\\d+', 1],
    ['a named group', '(?P<major>v[0-9]+)\\..*', 1],
    ['anchors', '^/api/v[0-9]+/.+$', 1],
    ['a class of POSIX', '[[:alpha:]]+', 1],
    ['negated class', '[^a-z]+', 1],
    ['groups that capture nothing', '(?:a|b)(?:c|d)', 4],
  ])('%s', (_, pattern, count) => {
    const samples = patternSamples(pattern, count);
    expect(samples).toHaveLength(count);
    expect(samples.every((text) => compilePattern(pattern)?.test(text))).toBe(true);
  });

  it('knows when a pattern cannot be read', () => {
    expect(patternSamples('(', 1)).toEqual([]);
    expect(compilePattern('[')).toBeNull();
  });

  it('is anchored at both ends', () => {
    expect(compilePattern('5..')?.test('500')).toBe(true);
    expect(compilePattern('5..')?.test('5000')).toBe(false);
  });
});
