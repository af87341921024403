import { describe, expect, it } from 'vitest';
import { systemClock } from '../../probes/clock.ts';
import { createConnectivityGuard, distrustOffline } from '../../probes/connectivity.ts';
import { systemContext } from '../../probes/system-context.ts';
import { runSample } from './metrics/samples.ts';
import { closedPort, serveTcp } from './support.ts';

const clock = systemClock();
const context = systemContext(clock, {});
const local = (port: number) => ({ host: '127.0.0.1', port });
const failed = (reason: 'timeout' | 'status') => runSample({ outcome: 'failure', reason, detail: 'seen' }).result;

describe('the connectivity guard', () => {
  it('believes a failure while one of its neighbours takes a connection', async () => {
    await using neighbour = await serveTcp((socket) => socket.end());
    const guard = createConnectivityGuard(context, [local(await closedPort()), local(neighbour.port)]);
    expect(await distrustOffline(failed('timeout'), guard, clock.monotonicMs())).toEqual(failed('timeout'));
    expect(guard.online).toBe(true);
  });

  it('calls a failure unknown while none does', async () => {
    const guard = createConnectivityGuard(context, [local(await closedPort())]);
    expect(await distrustOffline(failed('timeout'), guard, clock.monotonicMs())).toMatchObject({
      outcome: 'unknown',
      reason: 'offline',
      detail: 'none of the neighbours that must be reachable took a connection; the probe saw timeout: seen',
    });
    expect(guard.online).toBe(false);
  });

  it('does not ask where something answered, where there was no failure, or where no neighbour is named', async () => {
    const guard = createConnectivityGuard(context, [local(await closedPort())]);
    const success = runSample().result;
    expect(await distrustOffline(success, guard, 0)).toBe(success);
    expect(await distrustOffline(failed('status'), guard, 0)).toEqual(failed('status'));
    expect(guard.online).toBe(true);
    expect(await distrustOffline(failed('timeout'), createConnectivityGuard(context, []), 0)).toEqual(
      failed('timeout'),
    );
  });

  it('asks once for all that fail within a second', async () => {
    let asked = 0;
    const connect: typeof context.connect = (...of) => {
      asked += 1;
      return context.connect(...of);
    };
    await using neighbour = await serveTcp((socket) => socket.end());
    const guard = createConnectivityGuard({ clock, connect }, [local(neighbour.port)]);
    const startMs = clock.monotonicMs();
    await Promise.all(Array.from({ length: 50 }, () => distrustOffline(failed('timeout'), guard, startMs)));
    await distrustOffline(failed('timeout'), guard, startMs);
    expect(asked).toBe(1);
  });

  it('holds what was seen during a run against it, though the network is back at its end', async () => {
    let nowMs = 0;
    let reachable = false;
    const connect: typeof context.connect = async (...of) => {
      if (!reachable) throw new Error('unreachable');
      return context.connect(...of);
    };
    await using neighbour = await serveTcp((socket) => socket.end());
    const clock = { ...context.clock, monotonicMs: () => nowMs };
    const guard = createConnectivityGuard({ clock, connect }, [local(neighbour.port)]);
    nowMs = 1_000;
    expect(await guard.wasOnline(0)).toBe(false);
    reachable = true;
    nowMs = 5_000;
    expect(await guard.wasOnline(500)).toBe(false);
    expect(await guard.wasOnline(2_000)).toBe(true);
  });
});
