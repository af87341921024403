import { setTimeout as delay } from 'node:timers/promises';
import { type Placement, wallTime } from '../../../monitoring/drill/synthetic/clock.ts';
import { samplesOf } from '../../../monitoring/drill/synthetic/sample.ts';
import type { Script } from '../../../monitoring/drill/synthetic/script.ts';
import { writeSeries } from '../synthetic/write.ts';
import type { PlayedSeries } from '../synthetic/write-request.ts';

type Sample = readonly [wallMs: number, value: number | 'stale'];

/** A script and when it is played. */
export interface PlayedScript {
  readonly script: Script;
  readonly placement: Placement;
  readonly intervalMs: number;
  /** Its series end here, Unix milliseconds. */
  readonly untilMs: number;
}

interface Playing {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: Iterator<Sample>;
  next: Sample | undefined;
  /** Written, and not ended yet. */
  lastMs: number | null;
}

const TICK_MS = 250;

/**
 * Writes series into a Prometheus as time goes by, never ahead of it: whatever ends the drill, nothing goes on firing. `end` marks each as ended,
 * and may be called at any time.
 */
export class Player {
  readonly #url: string;
  readonly #playing: Playing[];
  readonly #ended = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** `beat`: a series with value 1 for as long as the drill lasts, written at that distance. */
  constructor(url: string, scripts: readonly PlayedScript[], beat: { labels: Playing['labels']; everyMs: number }) {
    this.#url = url;
    const series = scripts.flatMap((each) =>
      each.script.series.map(({ labels, segments }) => ({ labels, samples: samplesFrom(each, segments) })),
    );
    const heartbeat = { labels: beat.labels, samples: beats(beat.everyMs) };
    this.#playing = [heartbeat, ...series].map(({ labels, samples }) => {
      return { labels, samples, next: samples.next().value ?? undefined, lastMs: null };
    });
  }

  /** Writes what lies in the past, and goes on until `end`. @throws HarnessError when Prometheus does not take it. */
  async start(): Promise<void> {
    await this.#write(Date.now());
    this.#running = this.#play();
  }

  /** Throws what made it stop writing. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends every series that was begun with a stale marker; once. */
  async end(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    await this.#running;
    const now = Date.now();
    const begun = this.#playing.filter(({ lastMs }) => lastMs !== null);
    const markers = begun.map(({ labels, lastMs }): PlayedSeries => {
      return { labels, samples: [[Math.max(now, (lastMs ?? 0) + 1), 'stale']] };
    });
    await writeSeries(this.#url, markers, new AbortController().signal);
  }

  async #play(): Promise<void> {
    try {
      while (!this.#ended.signal.aborted) {
        await delay(TICK_MS, undefined, { signal: this.#ended.signal });
        await this.#write(Date.now());
      }
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#failure = error;
    }
  }

  async #write(nowMs: number): Promise<void> {
    const due = this.#playing.flatMap((each): PlayedSeries[] => {
      const samples: Sample[] = [];
      while (each.next !== undefined && each.next[0] <= nowMs) {
        samples.push(each.next);
        each.lastMs = each.next[1] === 'stale' ? null : each.next[0];
        each.next = each.samples.next().value ?? undefined;
      }
      return samples.length === 0 ? [] : [{ labels: each.labels, samples }];
    });
    if (due.length > 0) await writeSeries(this.#url, due, new AbortController().signal);
  }
}

/** From the start of the script on: what lies before the placement is its history. */
function* samplesFrom(
  { placement, intervalMs, untilMs }: PlayedScript,
  segments: Script['series'][number]['segments'],
): Generator<Sample> {
  const last = Math.floor((placement.fromMs + (untilMs - placement.wallMs) * placement.factor) / intervalMs);
  for (const [index, sample] of samplesOf(segments, intervalMs, last)) {
    yield [Math.round(wallTime(placement, index * intervalMs)), sample];
  }
}

function* beats(everyMs: number): Generator<Sample> {
  for (let at = Date.now(); ; at += everyMs) yield [at, 1];
}
