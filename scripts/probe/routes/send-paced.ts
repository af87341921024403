import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Characters sent in one turn of the event loop: well under a millisecond of work. */
const TURN_CHARACTERS = 16_384;

/**
 * Sends a page as it is made, with a turn of the event loop between its parts: the page of ten thousand targets takes a fifth of a second,
 * in which no run could start and no answer could be timed. Resolves also when the reader leaves in the middle: that is no error of ours.
 */
export async function sendPaced(pieces: Iterable<string>, response: ServerResponse): Promise<void> {
  async function* paced() {
    let text = '';
    for (const piece of pieces) {
      text += piece;
      if (text.length < TURN_CHARACTERS) continue;
      yield text;
      text = '';
      await nextTurn();
    }
    if (text !== '') yield text;
  }
  await pipeline(Readable.from(paced()), response).catch(() => {});
}
