import type { DrillCase } from '../../monitoring/drill/case.ts';
import type { DrillClock } from '../../monitoring/drill/clock.ts';
import { probedPart } from '../../monitoring/drill/probes.ts';
import { systemClock } from '../../probes/clock.ts';
import { startProbes } from '../../probes/runner.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import type { Fleet } from '../fleet/fleet-types.ts';
import { serveProbes } from '../probe/serve.ts';

/** The drill's own prober, over the services at which faults are switched on. */
export interface DrillProber {
  /** `host:port` of its metrics, to be scraped: a look may take longer than the drill's look-back, and a page keeps its values. */
  readonly address: string;
  /** Targets at which it has not looked yet. */
  waiting(): string[];
  stop(): Promise<void>;
}

/**
 * Starts to look, on the drill's clock, at every simulated service with a fault in one of the cases.
 * @throws Error that lists every service without a usable address.
 */
export async function startDrillProber(
  catalogue: Catalogue,
  cases: readonly DrillCase[],
  clock: DrillClock,
  { addresses, caFile }: Pick<Fleet, 'addresses' | 'caFile'>,
): Promise<DrillProber> {
  const runner = startProbes({
    catalogue: probedPart(catalogue, cases, clock),
    addresses,
    caFile,
    clock: systemClock(),
    env: {},
  });
  try {
    const { url, stop } = await serveProbes({ runner });
    return {
      address: new URL(url).host,
      waiting: () => [...runner.results()].flatMap(([target, { last }]) => (last === null ? [target] : [])),
      async stop() {
        await stop();
        await runner.stop();
      },
    };
  } catch (error) {
    await runner.stop();
    throw error;
  }
}
