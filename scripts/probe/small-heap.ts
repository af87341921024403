import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of the nursery. Smaller, and objects of runs under way are moved into the old generation; larger only costs memory. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 200;

/**
 * Keeps the engine's heap near what a process needs that probes for a long time, and its pauses short. The nursery stops growing where
 * growth no longer helps: else short-lived objects of thousands of runs blow it up by a hundred megabytes that are never given back.
 * It is collected by one thread, in two milliseconds; with several, each pause lasts until the last of them got a processor, on a busy
 * machine a quarter of a second. The old generation is collected once it is half again as large as what lives in it, not at the
 * threefold (10,000 targets: 80 MB live, 233 MB before the collection). Of the whole process; call it first.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
  setFlagsFromString('--no-parallel-scavenge');
  const timer = setInterval(() => {
    const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (nursery !== undefined && nursery.space_size < ENOUGH_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
}
