import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../probes/schedule/limiter.ts';

describe('the limiter', () => {
  it('starts at most so many at once, the rest in order', () => {
    const limiter = createLimiter({ total: 2, perHost: 9 });
    const started: string[] = [];
    for (const host of ['a', 'b', 'c', 'd']) limiter.acquire(host, () => started.push(host));
    expect(started).toEqual(['a', 'b']);
    expect(limiter.waiting).toBe(2);
    limiter.release('a');
    expect(started).toEqual(['a', 'b', 'c']);
    limiter.release('b');
    limiter.release('c');
    limiter.release('d');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    expect([limiter.active, limiter.waiting]).toEqual([0, 0]);
  });

  it('lets other hosts pass one that is full', () => {
    const limiter = createLimiter({ total: 3, perHost: 1 });
    const started: string[] = [];
    for (const name of ['a1', 'a2', 'a3', 'b1']) limiter.acquire(name[0] ?? '', () => started.push(name));
    expect(started).toEqual(['a1', 'b1']);
    limiter.release('a');
    expect(started).toEqual(['a1', 'b1', 'a2']);
    limiter.release('a');
    expect(started).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('survives work that releases at once', () => {
    const limiter = createLimiter({ total: 1, perHost: 1 });
    let ran = 0;
    for (let i = 0; i < 5_000; i += 1) {
      limiter.acquire(`host-${i % 3}`, () => {
        ran += 1;
        limiter.release(`host-${i % 3}`);
      });
    }
    expect([ran, limiter.active, limiter.waiting]).toEqual([5_000, 0, 0]);
  });
});
