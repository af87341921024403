import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchCatalogue } from '../../../../scripts/probe/reload/catalogue-watch.ts';
import { until } from '../../../probes/support.ts';

async function setUp(options: { file?: string; lookEveryMs?: number; settleMs?: number } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-watch-'));
  const { file, lookEveryMs, settleMs = 40 } = options;
  await writeFile(join(dir, 'shop.yaml'), 'one');
  let changes = 0;
  const path = file === undefined ? dir : join(dir, file);
  const end = await watchCatalogue({
    path,
    onChange: () => {
      changes += 1;
    },
    settleMs,
    ...(lookEveryMs === undefined ? {} : { lookEveryMs }),
  });
  return {
    dir,
    changes: () => changes,
    changed: (times: number) => until(() => (changes >= times ? true : undefined)),
    end,
    async [Symbol.asyncDispose]() {
      end();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

describe('the watch over a catalogue', () => {
  it('tells once of several changes that follow each other closely', async () => {
    await using watch = await setUp({ settleMs: 400 });
    for (const text of ['two', 'three', 'four']) await writeFile(join(watch.dir, 'shop.yaml'), text);
    await writeFile(join(watch.dir, 'cart.yaml'), 'new');
    await watch.changed(1);
    await delay(500);
    expect(watch.changes()).toBe(1);
  });

  it('tells of a file that is gone, and of none that is merely touched or no part of it', async () => {
    await using watch = await setUp();
    await utimes(join(watch.dir, 'shop.yaml'), new Date(), new Date());
    await writeFile(join(watch.dir, 'shop.yaml'), 'one');
    await writeFile(join(watch.dir, 'notes.txt'), 'anything');
    await delay(200);
    expect(watch.changes()).toBe(0);
    await rm(join(watch.dir, 'shop.yaml'));
    await watch.changed(1);
  });

  it('sees a single file that is replaced by rename, again and again', async () => {
    await using watch = await setUp({ file: 'shop.yaml' });
    for (const times of [1, 2]) {
      await writeFile(join(watch.dir, 'shop.yaml.new'), `version ${times}`);
      await rename(join(watch.dir, 'shop.yaml.new'), join(watch.dir, 'shop.yaml'));
      await watch.changed(times);
    }
  });

  it('sees the swap of links by which Kubernetes renews a ConfigMap, again and again', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firedrill-watch-'));
    const put = async (version: number) => {
      await mkdir(join(dir, `..v${version}`));
      await writeFile(join(dir, `..v${version}`, 'shop.yaml'), `version ${version}`);
      await symlink(`..v${version}`, join(dir, '..data_tmp'));
      await rename(join(dir, '..data_tmp'), join(dir, '..data'));
      await rm(join(dir, `..v${version - 1}`), { recursive: true, force: true });
    };
    await put(1);
    await symlink(join('..data', 'shop.yaml'), join(dir, 'shop.yaml'));
    let changes = 0;
    const onChange = () => {
      changes += 1;
    };
    const end = await watchCatalogue({ path: dir, onChange, settleMs: 40 });
    for (const times of [1, 2]) {
      await put(times + 1);
      await until(() => (changes === times ? true : undefined));
    }
    end();
    await rm(dir, { recursive: true });
  });

  it('looks by itself where nothing tells it: a folder that was replaced as a whole', async () => {
    await using watch = await setUp({ lookEveryMs: 60 });
    const other = `${watch.dir}-other`;
    await mkdir(other);
    await writeFile(join(other, 'shop.yaml'), 'two');
    await rm(watch.dir, { recursive: true });
    await rename(other, watch.dir);
    await watch.changed(1);
    const before = watch.changes();
    await delay(100);
    await writeFile(join(watch.dir, 'shop.yaml'), 'three');
    await watch.changed(before + 1);
  });

  it('tells nothing more once it was ended', async () => {
    await using watch = await setUp();
    watch.end();
    await writeFile(join(watch.dir, 'shop.yaml'), 'two');
    await delay(150);
    expect(watch.changes()).toBe(0);
  });
});
