import { describe, expect, it } from 'vitest';
import { k6End } from '../../../scripts/load/exit-codes.ts';

describe('the end of k6', () => {
  it.each([0, 99])('with exit code %i is left to the rows', (code) => {
    expect(k6End(code, null, false)).toEqual({ kind: 'judge' });
  });

  it.each([97, 98, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 255])(
    'with exit code %i is broken, with its own reason',
    (code) => {
      const end = k6End(code, null, false);
      expect(end).toMatchObject({ kind: 'broken' });
      expect(end).toHaveProperty('reason', expect.stringContaining(`(exit code ${code})`));
      expect(end).toHaveProperty('reason', expect.not.stringContaining('unknown'));
    },
  );

  it('with an exit code that k6 does not document is broken too', () => {
    expect(k6End(42, null, false)).toEqual({ kind: 'broken', reason: 'k6 ended in an unknown way (exit code 42)' });
  });

  it('by a signal from outside is broken', () => {
    expect(k6End(null, 'SIGKILL', false)).toEqual({ kind: 'broken', reason: 'k6 was killed by SIGKILL' });
  });

  it('after firedrill stopped it is an interruption, whatever the code', () => {
    expect(k6End(105, null, true)).toEqual({ kind: 'interrupted' });
    expect(k6End(null, 'SIGKILL', true)).toEqual({ kind: 'interrupted' });
  });
});
