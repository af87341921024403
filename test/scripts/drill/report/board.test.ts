import { expect, test } from 'vitest';
import type { DrillState } from '../../../../scripts/drill/progress.ts';
import { DrillBoard } from '../../../../scripts/drill/report/board.ts';

function boardOf(states: Record<string, DrillState>): DrillBoard {
  const board = new DrillBoard();
  for (const [name, state] of Object.entries(states)) board.note({ case: name, state, seconds: 1 });
  return board;
}

test('every case has a line, what failed first, what passed last', () => {
  const board = boardOf({ 'shop/Slow': 'pass', 'shop/Down': 'firing', 'shop/Full': 'fail' });
  board.note({ case: 'shop/Errors', state: 'waiting', seconds: 3.5 });
  expect(board.lines(20)).toEqual([
    '  drill    3.5 s  4 alerts: 1 waiting, 1 firing, 1 pass, 1 fail',
    '  fail         shop/Full                                                2.5 s',
    '  firing       shop/Down                                                2.5 s',
    '  waiting      shop/Errors                                              0.0 s',
    '  pass         shop/Slow                                                2.5 s',
  ]);
});

test('more cases than the terminal has rows are counted, those that need a look stay', () => {
  const board = boardOf(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`shop/A${index}`, 'pass'])));
  board.note({ case: 'shop/Z', state: 'broken', seconds: 2 });
  const lines = board.lines(10);
  expect(lines).toHaveLength(10);
  expect(lines[1]).toContain('shop/Z');
  expect(lines.at(-1)).toBe('  and 193 more alerts');
});

test('only a new state is a change', () => {
  const board = boardOf({ 'shop/Down': 'pending' });
  expect(board.note({ case: 'shop/Down', state: 'pending', seconds: 2 })).toBe(false);
  expect(board.note({ case: 'shop/Down', state: 'firing', seconds: 3 })).toBe(true);
});
