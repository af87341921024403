/** A request ready to be sent: compressed, with its number of samples. */
export interface Batch {
  readonly body: Uint8Array;
  readonly samples: number;
}

/** Batches on their way, oldest first. */
export interface BatchQueue {
  /** Adds a batch; returns how many samples were pushed out to make room. */
  push(batch: Batch): number;
  /** The oldest: the same object until it is gone. */
  peek(): Batch | undefined;
  /** Removes the oldest: it was taken, or never will be. */
  shift(): void;
  readonly samples: number;
  /** Ends the queue; resolves with the samples that are lost with it. */
  close(): Promise<number>;
}

/** A queue in memory. When full it loses the oldest: what is newest matters to an alert. */
export function memoryQueue(limitBytes: number): BatchQueue {
  const batches: Batch[] = [];
  let bytes = 0;
  let samples = 0;
  const shift = () => {
    const gone = batches.shift();
    bytes -= gone?.body.length ?? 0;
    samples -= gone?.samples ?? 0;
    return gone?.samples ?? 0;
  };
  return {
    push(batch) {
      batches.push(batch);
      bytes += batch.body.length;
      samples += batch.samples;
      let dropped = 0;
      while (bytes > limitBytes && batches.length > 1) dropped += shift();
      return dropped;
    },
    peek: () => batches[0],
    shift: () => void shift(),
    get samples() {
      return samples;
    },
    async close() {
      const lost = samples;
      while (batches.length > 0) shift();
      return lost;
    },
  };
}
