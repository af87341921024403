import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Ticks per second in /proc: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time of a process so far (user and system, all threads), or null where there is no /proc or no such process. */
export function cpuSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** Follows the processor time of a process until its end, and gives the share of all processors that it used. */
export class CpuShare {
  readonly #pid: number;
  readonly #started = performance.now();
  #last: { atMs: number; seconds: number } | null = null;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** To be called now and then: after the end of the process nothing can be read any more. */
  sample(): void {
    const seconds = cpuSeconds(this.#pid);
    if (seconds !== null) this.#last = { atMs: performance.now(), seconds };
  }

  /** 0 to 1, or null when it could never be read. */
  get share(): number | null {
    if (this.#last === null) return null;
    const elapsed = (this.#last.atMs - this.#started) / 1_000;
    return elapsed <= 0 ? null : this.#last.seconds / elapsed / availableParallelism();
  }
}
