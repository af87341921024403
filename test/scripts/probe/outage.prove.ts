import { it } from 'vitest';
import { proveNoSampleIsLost } from './outage.ts';

it('a Prometheus that is away for five minutes costs no sample, though the prober restarts meanwhile', async () => {
  await proveNoSampleIsLost({ awayMs: 5 * 60_000, intervalMs: 250 });
}, 480_000);
