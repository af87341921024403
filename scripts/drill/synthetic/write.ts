import { compressSync } from 'snappy';
import { createPoster } from '../../../probes/delivery/post.ts';
import { HarnessError } from '../../process/harness-error.ts';
import { type PlayedSeries, writeRequests } from './write-request.ts';

const TIMEOUT_MS = 30_000;

/** Writes series into a Prometheus. @throws HarnessError when it does not take them. */
export async function writeSeries(url: string, series: Iterable<PlayedSeries>, signal: AbortSignal): Promise<void> {
  const poster = createPoster(`${url}/api/v1/write`, TIMEOUT_MS);
  try {
    for (const request of writeRequests(series)) {
      const result = await poster.post(compressSync(request), signal);
      signal.throwIfAborted();
      if (result.kind !== 'accepted')
        throw new HarnessError('Prometheus did not take the series of the drill', { reason: result.error });
    }
  } finally {
    await poster.close();
  }
}
