import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Effects } from '../effects.ts';
import { isGone } from '../http/respond.ts';
import type { StreamScript } from './dialect.ts';

/** When the parts of an answer are sent. Milliseconds. */
export interface Pace {
  firstTokenMs: number;
  /** Between tokens. */
  gapMs: number;
  stream: Effects['stream'];
  /** Leaves the connection open and silent until the fault ends. */
  hold(): void;
}

/** How often a provider under load tells a waiting client that it is still there. */
const KEEP_ALIVE_MS = 1_000;

/** Sends a streamed answer token by token. Returns false when it did not get to its end. */
export async function sendStream(
  res: ServerResponse,
  script: StreamScript,
  keepAlive: string,
  pace: Pace,
): Promise<boolean> {
  res.writeHead(200, { 'content-type': script.contentType, 'cache-control': 'no-cache' });
  res.flushHeaders();
  if (script.opening !== '') res.write(script.opening);
  await waitForFirstToken(res, keepAlive, pace.firstTokenMs);
  const half = Math.floor(script.tokens.length / 2);
  for (const [index, token] of script.tokens.entries()) {
    if (isGone(res)) return false;
    if (index === half && pace.stream !== 'whole') return breakOff(res, pace);
    if (index > 0) await sleep(pace.gapMs);
    res.write(token);
  }
  await sleep(pace.gapMs);
  if (isGone(res)) return false;
  res.end(script.closing);
  return true;
}

/** Sends an answer in one piece, when its last token would have come. Returns false when it did not get to its end. */
export async function sendWhole(res: ServerResponse, text: string, tokens: number, pace: Pace): Promise<boolean> {
  await sleep(pace.firstTokenMs + tokens * pace.gapMs);
  if (isGone(res)) return false;
  const body = Buffer.from(text);
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  if (pace.stream === 'whole') {
    res.end(body);
    return true;
  }
  res.write(body.subarray(0, body.length / 2));
  if (pace.stream === 'stalled') pace.hold();
  else res.destroy();
  return false;
}

/** Whole events are lost, none is cut: a stream that ends so looks well-formed but for its missing end. */
function breakOff(res: ServerResponse, pace: Pace): false {
  if (pace.stream === 'stalled') pace.hold();
  else res.end();
  return false;
}

async function waitForFirstToken(res: ServerResponse, keepAlive: string, waitMs: number): Promise<void> {
  let left = waitMs;
  while (keepAlive !== '' && left > KEEP_ALIVE_MS) {
    await sleep(KEEP_ALIVE_MS);
    left -= KEEP_ALIVE_MS;
    if (isGone(res)) return;
    res.write(keepAlive);
  }
  await sleep(left);
}
