import { open } from 'node:fs/promises';

/** What k6's own log says of a run. */
export interface K6Log {
  /** The last errors of k6 itself, oldest first. */
  errors: string[];
  /** Exceptions that left an iteration, by k6 scenario: how many, at least, and the first one. */
  uncaught: Map<string, { count: number; first: string }>;
}

/** A scenario that throws in every iteration for a night must not fill the memory: its beginning tells enough. */
const READ_BYTES = 4_000_000;
const KEPT_ERRORS = 5;

/** Reads the log, one JSON object a line. A missing one is empty: k6 makes it with its first line. */
export async function readK6Log(path: string): Promise<K6Log> {
  const log: K6Log = { errors: [], uncaught: new Map() };
  for (const line of (await beginning(path)).split('\n')) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    if (entry.source === 'stacktrace' && entry.scenario !== undefined) {
      const known = log.uncaught.get(entry.scenario);
      if (known === undefined) log.uncaught.set(entry.scenario, { count: 1, first: firstLine(entry.msg) });
      else known.count += 1;
      // The rows say which promises were broken.
    } else if (!entry.msg.startsWith('thresholds on metrics')) {
      log.errors.push(entry.msg);
      if (log.errors.length > KEPT_ERRORS) log.errors.shift();
    }
  }
  return log;
}

async function beginning(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(READ_BYTES) });
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}

function parseLine(line: string): { msg: string; source?: string; scenario?: string } | undefined {
  try {
    const entry = JSON.parse(line);
    return typeof entry.msg === 'string' ? entry : undefined;
  } catch {
    // The last line may be cut.
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
