import { describe, expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../../probes/history/snapshot.ts';
import { createStatusBoard, type ObservedRun } from '../../../probes/history/status-board.ts';
import { target } from '../support.ts';

const NOW = Date.UTC(2026, 0, 1);

function run(change: Partial<ObservedRun> & { outcome?: 'success' | 'failure' | 'unknown' } = {}): ObservedRun {
  const { outcome = 'success', ...rest } = change;
  const reason = { success: 'none', failure: 'refused', unknown: 'lagging' } as const;
  return {
    target: target(),
    result: {
      outcome,
      reason: reason[outcome],
      detail: outcome === 'success' ? '' : 'connect ECONNREFUSED',
      durationSeconds: 0.25,
      degraded: false,
      phases: { resolve: 0, connect: 0.25, other: 0 },
      facts: {},
    },
    atMs: NOW,
    up: outcome === 'success',
    maintenance: false,
    ...rest,
  };
}

const judged = (board: ReturnType<typeof createStatusBoard>) => board.history.read('shop/cart', 'hour', NOW).judged;

describe('a status board', () => {
  it('remembers the last failure after the target has recovered', () => {
    const board = createStatusBoard();
    board.observe(run({ outcome: 'failure' }));
    board.observe(run({ atMs: NOW + 1_000 }));
    expect(board.get('shop/cart')).toMatchObject({
      up: true,
      sinceMs: NOW + 1_000,
      last: { outcome: 'success' },
      lastFailure: { reason: 'refused', phases: { connect: 0.25 }, atMs: NOW },
    });
  });

  it.each([
    { what: 'a run that could not be judged', change: { outcome: 'unknown' as const, up: true } },
    { what: 'a run in maintenance', change: { outcome: 'failure' as const, maintenance: true } },
  ])('leaves $what out of the uptime', ({ change }) => {
    const board = createStatusBoard();
    board.observe(run());
    board.observe(run(change));
    expect(judged(board)).toBe(1);
  });

  it('keeps the time since which a state holds while it does not change', () => {
    const board = createStatusBoard();
    for (const seconds of [0, 10, 20]) board.observe(run({ atMs: NOW + seconds * 1_000 }));
    expect(board.get('shop/cart')?.sinceMs).toBe(NOW);
  });

  it('numbers every change, so that a reader finds what is new', () => {
    const board = createStatusBoard();
    board.add(target());
    board.add(target({ id: 'shop/till', service: 'till' }));
    const seen = board.version;
    board.observe(run());
    expect([...board.all()].filter(({ version }) => version > seen).map(({ id }) => id)).toEqual(['shop/cart']);
  });
});

describe('a snapshot', () => {
  const taken = () => {
    const board = createStatusBoard();
    board.observe(run({ outcome: 'failure' }));
    board.observe(run({ atMs: NOW + 1_000 }));
    return Buffer.concat([...encodeSnapshot(board)]);
  };

  it('brings state, last failure and uptime back once the target is there again', () => {
    const board = createStatusBoard();
    board.restore(decodeSnapshot(taken()));
    expect([...board.all()]).toEqual([]);
    board.add(target());
    expect(board.get('shop/cart')).toMatchObject({
      up: true,
      sinceMs: NOW + 1_000,
      last: null,
      lastFailure: { atMs: NOW },
    });
    expect(judged(board)).toBe(2);
  });

  it('of a target that is gone is not kept on', () => {
    const board = createStatusBoard();
    board.restore(decodeSnapshot(taken()));
    expect(decodeSnapshot(Buffer.concat([...encodeSnapshot(board)]))).toEqual([]);
  });

  it.each([
    { what: 'an empty file', bytes: () => Buffer.alloc(0), says: 'no header line' },
    { what: 'a file cut short', bytes: () => taken().subarray(0, -1), says: 'bytes where' },
    { what: 'another format', bytes: () => Buffer.from('{"format":"x"}\n'), says: 'no firedrill-status' },
    { what: 'a header that is no JSON', bytes: () => Buffer.from('hello\n'), says: 'not valid JSON' },
  ])('refuses $what', ({ bytes, says }) => {
    expect(() => decodeSnapshot(bytes())).toThrow(says);
  });
});
