import colors from 'picocolors';
import { formatCount, formatDuration } from '../thresholds/units.ts';

/** Where a command prints: results to stdout, or, with --json, machine-readable there and everything else to stderr. */
export interface Output {
  json: boolean;
  color: boolean;
  /** A line that stays. Left out with --quiet. */
  line: (text: string) => void;
  /** Rows of the terminal on which states are shown; null where they are left out. */
  rows: number | null;
  /** The state of what is running, in one line or several; on a terminal it replaces the one before, in a log it is left out. */
  progress: (text: string) => void;
  /** What the command was asked for; printed even with --quiet. */
  result: (text: string) => void;
}

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
}

/** Output on this process's own streams. */
export function createOutput({ json, quiet }: OutputOptions): Output {
  const stream = json ? process.stderr : process.stdout;
  const live = stream.isTTY && !quiet;
  let pending = 0;
  const clear = () => {
    if (pending > 0) stream.write(`${'\r\x1b[K\x1b[1A'.repeat(pending - 1)}\r\x1b[K`);
    pending = 0;
  };
  return {
    json,
    color: colors.isColorSupported && stream.isTTY === true,
    rows: live ? (stream.rows ?? 24) : null,
    line: (text) => {
      clear();
      if (!quiet) stream.write(`${text}\n`);
    },
    progress: (text) => {
      if (!live) return;
      clear();
      const lines = text.split('\n').slice(0, Math.max(1, (stream.rows ?? 24) - 1));
      stream.write(lines.map((line) => line.slice(0, (stream.columns ?? 80) - 1)).join('\n'));
      pending = lines.length;
    },
    result: (text) => {
      clear();
      process.stdout.write(`${text}\n`);
    },
  };
}

/** `1 system`, `1,204 requests`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line for a finished phase: name, what happened, how long it took. 80 columns. */
export function phaseLine(name: string, text: string, ms: number | null): string {
  return `  ${name.padEnd(8)} ${text.padEnd(60)} ${(ms === null ? '' : formatDuration(ms)).padStart(8)}`.trimEnd();
}
