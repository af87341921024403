import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of the nursery. Smaller, and objects of runs under way are moved into the old generation; larger only costs memory. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 200;

/**
 * Keeps the engine's nursery from growing beyond what helps, for a process that probes for a long time: short-lived objects of thousands of
 * runs would let it grow by a hundred and fifty megabytes that are never given back. Of the whole process; call it first.
 */
export function keepNurserySmall(): void {
  const timer = setInterval(() => {
    const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (nursery !== undefined && nursery.space_size < ENOUGH_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
}
