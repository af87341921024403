import type { Socket } from 'node:net';
import type { StartTls, TcpTurn } from '../../../thresholds/model.ts';
import type { Deadline } from '../../deadline.ts';
import { toProbeFailure } from '../../failure.ts';
import { requestTls } from '../postgres/ssl-request.ts';
import { openDialogue } from '../tcp/dialogue.ts';

/** Longest that a server may say before it turns to TLS. */
const LIMIT_BYTES = 16_384;

const said = (pattern: string, send: string | null = null): TcpTurn => ({ send, expectText: pattern });

/** The end of all that came, not of a line. */
const END = '(?![^])';

/** RFC 3207: greeting, what the server can, and its consent, after which nothing may come in the clear. */
const SMTP = [
  said('^220 [^\\n]*\\n'),
  said('^250 [^\\n]*\\n', 'EHLO firedrill\r\n'),
  said(`^220 [^\\n]*\\n${END}`, 'STARTTLS\r\n'),
];

/** RFC 9051 6.2.1. */
const IMAP = [said('^\\* OK[^\\n]*\\n'), said(`^f1 OK[^\\n]*\\n${END}`, 'f1 STARTTLS\r\n')];

/** How the plain connection of a protocol is turned to TLS. */
export const START_TLS: Readonly<Record<StartTls, (socket: Socket, deadline: Deadline) => Promise<void>>> = {
  smtp: (socket, deadline) => ask(socket, deadline, SMTP),
  imap: (socket, deadline) => ask(socket, deadline, IMAP),
  postgres: requestTls,
};

async function ask(socket: Socket, deadline: Deadline, turns: readonly TcpTurn[]): Promise<void> {
  const talk = openDialogue(socket, deadline, LIMIT_BYTES);
  try {
    for (const turn of turns) await talk(turn);
  } catch (error) {
    throw toProbeFailure(error);
  } finally {
    // The handshake takes the bytes from here on.
    socket.removeAllListeners('data');
    socket.pause();
  }
}
