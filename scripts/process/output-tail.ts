import type { Readable } from 'node:stream';

/** Lines kept in memory: enough for any start-up failure; the whole output is in the log file. */
const KEPT_LINES = 200;

/** The last lines of a process's output, and word of each further line as it comes. */
export class OutputTail {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  /** The begun last line of each stream. */
  readonly #partials = new Map<Readable, string>();

  /** Takes the lines of a stream from now on; lines of several streams are put together one by one. */
  follow(stream: Readable): void {
    this.#partials.set(stream, '');
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const pieces = `${this.#partials.get(stream) ?? ''}${chunk}`.split('\n');
      this.#partials.set(stream, pieces.pop() ?? '');
      for (const piece of pieces) this.#add(piece);
    });
  }

  /** Counts what has come without a newline as lines, and takes no more: the process has ended. */
  end(): void {
    for (const [stream, partial] of this.#partials) {
      stream.removeAllListeners('data');
      if (partial !== '') this.#add(partial);
    }
    this.#partials.clear();
  }

  /** The last `count` lines, oldest first. */
  last(count: number): string[] {
    return count <= 0 ? [] : this.#lines.slice(-count);
  }

  /** Calls back for each line from now on; returns the function that ends this. */
  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(raw: string): void {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of [...this.#listeners]) listener(line);
  }
}
