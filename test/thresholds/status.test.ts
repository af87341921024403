import { expect, test } from 'vitest';
import { expandStatuses, formatStatuses } from '../../thresholds/status.ts';

test.each<[Parameters<typeof expandStatuses>[0], number, string]>([
  [200, 1, '200'],
  [[200, 404], 2, '200 or 404'],
  ['2xx', 100, '2xx'],
  [['5xx', '2xx', 404], 201, '2xx or 5xx or 404'],
  [[], 0, ''],
])('%j stands for %i statuses and reads %s', (written, count, read) => {
  const statuses = expandStatuses(written);
  expect(statuses).toHaveLength(count);
  expect(formatStatuses(statuses)).toBe(read);
});
