import { describe, expect, it } from 'vitest';
import { confirmState, unconfirmed } from '../../probes/confirmation.ts';

/** Runs as letters: F failed, S succeeded; states as letters: U up, D down, a dot for neither. */
function states(runs: string, fail: [number, number], recover: [number, number]): string {
  const memory = unconfirmed();
  const confirm = {
    fail: { needed: fail[0], latest: fail[1] },
    recover: { needed: recover[0], latest: recover[1] },
  };
  return [...runs]
    .map((run) => {
      confirmState(memory, run === 'S', confirm);
      return Number.isNaN(memory.state) ? '.' : memory.state === 1 ? 'U' : 'D';
    })
    .join('');
}

describe('the confirmed state', () => {
  it.each([
    ['is up with the first success', 'S', [2, 3], [2, 2], 'U'],
    ['is not known from one failure alone', 'F', [2, 3], [2, 2], '.'],
    ['is down from the start when enough fail', 'FF', [2, 3], [2, 2], '.D'],
    ['stays up through a lone failure', 'SFSSFSSF', [2, 3], [2, 2], 'UUUUUUUU'],
    ['goes down with 2 failures of 3, also with a success between', 'SFSF', [2, 3], [2, 2], 'UUUD'],
    ['stays up when the failures lie too far apart', 'SFSSFSS', [2, 3], [2, 2], 'UUUUUUU'],
    ['comes back with 2 successes in a row', 'SFFSFSS', [2, 3], [2, 2], 'UUDDDDU'],
    ['counts anew after it went down: what was before is no evidence of recovery', 'SSFFS', [2, 3], [1, 3], 'UUUDU'],
    ['does not come back by the success that lay between the failures', 'SFSFF', [2, 3], [1, 3], 'UUUDD'],
    ['counts anew after it came back', 'FFSSF', [2, 3], [2, 2], '.DDUU'],
    ['follows each run where nothing is to be confirmed', 'SFSF', [1, 1], [1, 1], 'UDUD'],
    ['remembers as many as 30', `S${'F'.repeat(29)}SF`, [30, 30], [1, 1], `${'U'.repeat(32)}`],
    ['goes down with 30 of 30', `S${'F'.repeat(30)}`, [30, 30], [1, 1], `${'U'.repeat(30)}D`],
  ] as [string, string, [number, number], [number, number], string][])('%s', (_, runs, fail, recover, expected) => {
    expect(states(runs, fail, recover)).toBe(expected);
  });
});
