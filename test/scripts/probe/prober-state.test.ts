import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { openProberState, withOwnFolders } from '../../../scripts/probe/prober-state.ts';
import { target, until } from '../../probes/support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function context(signal = new AbortController().signal) {
  const lines: string[] = [];
  return { lines, output: { line: (text: string) => void lines.push(text) }, signal };
}

const state = () => [{ option: 'state', folder }];

describe('a folder of its own', () => {
  it('is given to one prober after the other, and the one that waits says for whom', async () => {
    const order: string[] = [];
    let end = () => {};
    const first = withOwnFolders(state(), context(), async () => {
      order.push('first');
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      order.push('first ends');
    });
    await until(() => (order.length === 1 ? true : undefined));
    const waiting = context();
    const second = withOwnFolders(state(), waiting, async () => void order.push('second'));
    await until(() => (waiting.lines.length === 1 ? true : undefined));
    end();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'first ends', 'second']);
    expect(waiting.lines).toEqual([`waiting for the state in ${folder}: process ${process.pid} uses it`]);
  });

  it('is waited for no longer than the prober itself may run', async () => {
    const stop = new AbortController();
    await withOwnFolders(state(), context(), async () => {
      const waiting = context(stop.signal);
      const second = withOwnFolders(state(), waiting, async () => 'never');
      await until(() => (waiting.lines.length === 1 ? true : undefined));
      stop.abort(new Error('ended'));
      await expect(second).rejects.toThrow();
    });
  });

  it('is not needed where none is named', async () => {
    expect(await withOwnFolders([{ option: 'spool', folder: undefined }], context(), async () => 1)).toBe(1);
  });
});

describe('the state of a prober', () => {
  it('ends with the process without a folder, and is there again with one', async () => {
    const open = (where?: string) =>
      openProberState(where, { clock: systemClock(), warn: (text) => expect.fail(text) });
    const write = async (where?: string) => {
      const { store, board, keep } = await open(where);
      store.set('spent', 3);
      board.add(target());
      await keep();
      await store.flush();
      return (await open(where)).store.get('spent');
    };
    expect(await write()).toBeUndefined();
    expect(await write(folder)).toBe(3);
  });
});
