import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILT_IN_CATALOGUE } from '../../../scripts/catalogue-files.ts';
import { runDashboards } from '../../../scripts/dashboards/run.ts';
import { createOutput } from '../../../scripts/output.ts';
import { openSession } from '../../../scripts/run/session.ts';
import { selectCatalogue } from '../../../scripts/select.ts';
import { GOOD } from '../report/verdict.ts';

/** It takes about 12 minutes on two processors. */
const DEADLINE_MS = 1_800_000;

test(
  'every query of every panel has data, and moves under the fault or the traffic that it is there to show',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firedrill-dashboards-'));
    const session = await openSession({
      selection: selectCatalogue({ catalogue: BUILT_IN_CATALOGUE }, {}),
      dir,
      tools: ['prometheus', 'k6'],
      output: createOutput({ json: false, quiet: true }),
      signal: AbortSignal.timeout(DEADLINE_MS),
      env: process.env,
    });
    try {
      const rows = await runDashboards({ session, verdict: GOOD });
      expect(rows.length).toBeGreaterThan(150);
      expect(rows.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    } finally {
      await session.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
  DEADLINE_MS,
);
