import { it } from 'vitest';
import { proveNoSampleIsLost } from './outage.ts';

it('a Prometheus that is away for a few seconds costs no sample, though the prober restarts meanwhile', async () => {
  await proveNoSampleIsLost({ awayMs: 4_000, intervalMs: 100 });
}, 60_000);
