import { describe, expect, test } from 'vitest';
import { run } from './support.ts';

/** A run waits for the other one to have measured. */
const DEADLINE_MS = 400_000;
const RUNS_IN_A_ROW = 20;

describe('nightly on the built-in catalogue', () => {
  test('two at once on one machine both pass', { timeout: 2 * DEADLINE_MS }, async () => {
    // The machine's cache, not one of each: the locks in it are what keeps them apart.
    const env = { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
    const both = await Promise.all([0, 1].map(() => run(['nightly'], { env, deadlineMs: DEADLINE_MS })));
    for (const { code, verdict, stdout } of both) {
      expect(verdict?.outcome, stdout).toBe('pass');
      expect(code).toBe(0);
    }
    expect(both.filter(({ stdout }) => /^ {2}wait .*is measuring on this machine/m.test(stdout))).toHaveLength(1);
  });

  test.each(Array.from({ length: RUNS_IN_A_ROW }, (_, index) => index + 1))(
    `run %i of ${RUNS_IN_A_ROW} in a row passes`,
    { timeout: DEADLINE_MS },
    async () => {
      const { code, verdict, stdout } = await run(['nightly'], { deadlineMs: DEADLINE_MS });
      expect(verdict?.outcome, stdout).toBe('pass');
      expect(code).toBe(0);
    },
  );
});
