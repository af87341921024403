/** Milliseconds of the machine's monotonic clock (CLOCK_MONOTONIC on Linux): the same in every process, unlike `performance.now`. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
