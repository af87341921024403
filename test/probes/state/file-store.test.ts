import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createFileStore } from '../../../probes/state/file-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-state-'));
});
afterAll(() => rm(folder, { recursive: true }));

function open(path: string) {
  const problems: string[] = [];
  const store = createFileStore({ path, clock: systemClock(), onProblem: (message) => problems.push(message) });
  return { store, problems };
}

describe('the state file', () => {
  it('gives back after a restart what was set, in a folder that it makes', async () => {
    const path = join(folder, 'deep', 'state.json');
    const first = open(path);
    first.store.set('shop/cart', { tokens: 12 });
    first.store.set('shop/gone', 1);
    first.store.delete('shop/gone');
    expect(first.store.get('shop/cart')).toEqual({ tokens: 12 });
    await first.store.flush();
    const second = open(path);
    expect(second.store.get('shop/cart')).toEqual({ tokens: 12 });
    expect(second.store.get('shop/gone')).toBeUndefined();
    expect([...first.problems, ...second.problems]).toEqual([]);
  });

  it('writes by itself soon after a change', async () => {
    const path = join(folder, 'soon.json');
    open(path).store.set('a', 1);
    await expect.poll(() => readFile(path, 'utf8').catch(() => ''), { timeout: 5_000 }).toContain('"a":1');
  });

  it('holds the last of many values, and leaves no other file behind', async () => {
    const path = join(folder, 'many', 'state.json');
    const { store } = open(path);
    const writes = Array.from({ length: 20 }, (_, index) => {
      store.set('a', index);
      return store.flush();
    });
    await Promise.all(writes);
    expect(open(path).store.get('a')).toBe(19);
    expect(await readdir(join(folder, 'many'))).toEqual(['state.json']);
  });

  it.each([
    ['half a file', '{"version":1,"val'],
    ['another version', '{"version":2,"values":{"a":1}}'],
    ['something else', 'null'],
  ])('starts empty on %s, says so, and replaces it', async (_, text) => {
    const path = join(folder, 'broken.json');
    await writeFile(path, text);
    const { store, problems } = open(path);
    expect(store.get('a')).toBeUndefined();
    expect(problems).toEqual([`the state file ${path} holds no state of this version: it starts empty`]);
    store.set('a', 2);
    await store.flush();
    expect(open(path).store.get('a')).toBe(2);
  });

  it('keeps its state in memory where it cannot write, and says so', async () => {
    const path = join(folder, 'taken');
    await writeFile(join(folder, 'taken'), '{}');
    const { store, problems } = open(join(path, 'state.json'));
    store.set('a', 3);
    await store.flush();
    expect(store.get('a')).toBe(3);
    expect(problems.map((message) => message.split(':')[0])).toEqual([
      `cannot read the state file ${join(path, 'state.json')}`,
      `cannot write the state file ${join(path, 'state.json')}`,
    ]);
  });
});
