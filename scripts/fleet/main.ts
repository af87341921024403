import { HarnessError } from '../process/harness-error.ts';
import type { Order, Problem, Report } from './control.ts';
import { type Fleet, startFleet } from './fleet.ts';

/** The fleet in a process of its own, forked by `process.ts`. It lives as long as the channel to its parent. */

let fleet: Fleet | null = null;

// A terminal sends Ctrl-C to every process: the parent decides in which order they end.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit(0));
process.on('message', async (order: Order) => report(await carryOut(order)));

async function carryOut(order: Order): Promise<Report> {
  if (order.kind === 'start') {
    try {
      fleet = await startFleet(order.options);
      return { kind: 'ready', addresses: [...fleet.addresses], caFile: fleet.caFile };
    } catch (error) {
      return { kind: 'not-started', problem: toProblem(error) };
    }
  }
  const { id, operation, args } = order;
  try {
    if (fleet === null) throw new Error('the fleet has not been started');
    const call = fleet[operation] as (...args: unknown[]) => Promise<unknown>;
    return { kind: 'done', id, value: await call(...args) };
  } catch (error) {
    return { kind: 'failed', id, problem: toProblem(error) };
  }
}

function report(message: Report): void {
  // The parent may have gone while the order was carried out.
  if (process.connected) process.send?.(message);
}

function toProblem(error: unknown): Problem {
  if (error instanceof HarnessError) return { message: error.message, reason: error.reason, hint: error.hint };
  return {
    message: 'the fleet failed',
    reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
