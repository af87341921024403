import { expect, test } from 'vitest';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { groupNames, mutateGroup } from './support.ts';

const LIMIT_MS = 600_000;

test.each(groupNames())(
  'the committed tests of %s notice every other limit, comparison and wait',
  { timeout: LIMIT_MS },
  async (name) => {
    const { path } = await resolveTool('promtool');
    const { killed, survivors } = await mutateGroup(name, path, AbortSignal.timeout(LIMIT_MS));
    expect(survivors).toEqual([]);
    if (!name.endsWith('-watchdog')) expect(killed).toBeGreaterThan(0);
  },
);
