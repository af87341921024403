import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../probes/clock.ts';
import type { StatusBoard } from '../../../probes/history/status-board.ts';
import { renderHeadline } from './page.ts';
import { renderRow, rowId } from './row.ts';
import { viewTarget } from './view.ts';

/** How often a reader is told what changed: quick enough for a person, slow enough for thousands of targets. */
const TELL_EVERY_MS = 2_000;

/** Rows told at once; what is left is told the next time, the oldest change first. */
const MAX_ROWS = 500;

/** Bytes that a slow reader may have unread before it is left out of a round. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Tells a reader of every change after the one that it knows (`since`, or `Last-Event-ID` when it reconnects), as server-sent events.
 * `change`: the headline and the rows that changed; `targets`: the set of targets changed, look at the page again.
 */
export function streamChanges(
  { board, clock }: { board: StatusBoard; clock: Clock },
  request: IncomingMessage,
  response: ServerResponse,
  since: number,
): void {
  let known = Number(request.headers['last-event-id'] ?? since);
  // A number of an earlier life of the prober means nothing.
  if (!(known >= 0 && known <= board.version)) known = 0;
  const ids = new Set([...board.all()].map(({ id }) => id));
  let cancel = () => {};
  const tell = () => {
    if (response.writableLength < MAX_UNREAD_BYTES) {
      const all = [...board.all()];
      if (all.length !== ids.size || all.some(({ id }) => !ids.has(id))) {
        response.end('event: targets\ndata: {}\n\n');
        return;
      }
      const changed = all.filter(({ version }) => version > known).sort((a, b) => a.version - b.version);
      const told = changed.slice(0, MAX_ROWS);
      if (told.length > 0) {
        known = told.at(-1)?.version ?? known;
        const rows = Object.fromEntries(
          told.map((status) => [rowId(status.id), renderRow(viewTarget(board, status, clock.now()))]),
        );
        const { html, text } = renderHeadline(all);
        response.write(
          `id: ${known}\nevent: change\ndata: ${JSON.stringify({ headline: html, title: `firedrill: ${text}`, rows })}\n\n`,
        );
      } else response.write(': nothing new\n\n');
    }
    cancel = clock.after(TELL_EVERY_MS, tell);
  };
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.on('close', () => cancel());
  tell();
}
