import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStatusBoard } from '../../../../probes/history/status-board.ts';
import { keepBoard } from '../../../../scripts/probe/status/keep.ts';
import { fakeClock } from '../../../probes/fake-clock.ts';
import { target, until } from '../../../probes/support.ts';
import { observe } from './support.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-keep-'));
  file = join(folder, 'state', 'status');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const told: string[] = [];
const warn = (text: string) => void told.push(text);
const cart = () => target({ id: 'shop/cart' });

describe('a kept board', () => {
  it('is there again in the next life of the prober', async () => {
    const clock = fakeClock();
    const before = createStatusBoard();
    const kept = await keepBoard(before, { file, clock, warn });
    observe(before, 'shop/cart', 'down', clock.now());
    await kept.stop();

    const after = createStatusBoard();
    await (await keepBoard(after, { file, clock, warn })).stop();
    after.add(cart());
    expect(after.get('shop/cart')).toMatchObject({ up: false, lastFailure: { reason: 'timeout' } });
    expect(after.history.read('shop/cart', 'hour', clock.now())).toMatchObject({ judged: 1, good: 0 });
    expect(told).toEqual([]);
  });

  it('gives each of a hundred targets its own record back', async () => {
    const clock = fakeClock();
    const before = createStatusBoard();
    const ids = Array.from({ length: 100 }, (_, index) => `shop/web-${index}`);
    for (const [index, id] of ids.entries()) {
      for (let run = 0; run <= index; run += 1) observe(before, id, 'up', clock.now());
    }
    await (await keepBoard(before, { file, clock, warn })).stop();
    const after = createStatusBoard();
    await (await keepBoard(after, { file, clock, warn })).stop();
    expect(ids.map((id) => after.history.read(id, 'day', clock.now()).judged)).toEqual(
      ids.map((_, index) => index + 1),
    );
  });

  it('is saved every minute, so that a kill loses no more than that', async () => {
    const clock = fakeClock();
    const board = createStatusBoard();
    const kept = await keepBoard(board, { file, clock, warn });
    observe(board, 'shop/cart', 'up', clock.now());
    await clock.advance(59_000);
    expect(existsSync(file)).toBe(false);
    await clock.advance(1_000);
    await until(() => (existsSync(file) ? true : undefined));
    await kept.stop();
  });

  it('puts a file aside that it cannot read, says so, and starts', async () => {
    const clock = fakeClock();
    await (await keepBoard(createStatusBoard(), { file, clock, warn })).stop();
    writeFileSync(file, 'garbage');
    const warnings: string[] = [];
    const board = createStatusBoard();
    await (await keepBoard(board, { file, clock, warn: (text) => warnings.push(text) })).stop();
    expect(warnings.join()).toContain('it has no header line; it is put aside as');
    expect(readFileSync(`${file}.unreadable`, 'utf8')).toBe('garbage');
  });
});
