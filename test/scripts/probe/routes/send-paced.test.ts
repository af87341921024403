import { describe, expect, it } from 'vitest';
import { sendPaced } from '../../../../scripts/probe/routes/send-paced.ts';
import { serveHttp, until } from '../../../probes/support.ts';

const PIECE = 'x'.repeat(16_384);

/** Serves a page of so many pieces; counts turns of the event loop while it is made. */
async function serve(pieces: number) {
  let turns = 0;
  let made = 0;
  let ended = false;
  function* page() {
    for (; made < pieces; made += 1) yield PIECE;
  }
  const web = await serveHttp(async (_, response) => {
    const turn = () => {
      turns += 1;
      if (!ended) setImmediate(turn);
    };
    turn();
    await sendPaced(page(), response);
    ended = true;
  });
  return { web, turns: () => turns, made: () => made, ended: () => ended };
}

describe('a long page', () => {
  it('arrives whole, with a turn of the event loop for every part of it', async () => {
    const page = await serve(200);
    await using web = page.web;
    const text = await (await fetch(`http://127.0.0.1:${web.port}`)).text();
    expect(text).toBe(PIECE.repeat(200));
    expect(page.turns()).toBeGreaterThanOrEqual(200);
  });

  it('is given up without an error when its reader leaves', async () => {
    const page = await serve(100_000);
    await using web = page.web;
    const response = await fetch(`http://127.0.0.1:${web.port}`);
    await response.body?.cancel();
    await until(() => (page.ended() ? true : undefined));
    expect(page.made()).toBeLessThan(100_000);
  });
});
