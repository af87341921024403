import type { Socket } from 'node:net';
import type { TcpTurn } from '../../../thresholds/model.ts';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';

/**
 * Makes the turns of a dialogue on one connection. What came before a turn's match is used up; what came after it waits for the next
 * turn, so that answers in one piece are told apart. `^` and `$` stand for the ends of a line, as such protocols go.
 * @returns a function that takes one turn; it throws ProbeFailure text, body-too-large or timeout, or the socket's error.
 */
export function openDialogue(socket: Socket, deadline: Deadline, limitBytes: number): (turn: TcpTurn) => Promise<void> {
  let received = '';
  let ended = false;
  let error: Error | null = null;
  let wake = () => {};
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
    wake();
  });
  socket.once('end', () => {
    ended = true;
    wake();
  });
  socket.once('error', (cause) => {
    error = cause;
    wake();
  });

  const send = (text: string) =>
    deadline.stage<void>('sending', (done, fail) => {
      socket.write(text, (cause) => (cause ? fail(cause) : done()));
      return () => socket.destroy();
    });
  const awaitText = (pattern: RegExp) =>
    deadline
      .stage<void>(`waiting for /${pattern.source}/`, (done, fail) => {
        wake = () => {
          const match = pattern.exec(received);
          if (match !== null) {
            received = received.slice(match.index + match[0].length);
            done();
          } else if (received.length > limitBytes) {
            fail(new ProbeFailure('body-too-large', `${limitBytes} characters without /${pattern.source}/`));
          } else if (error !== null) fail(error);
          else if (ended) fail(mismatch(received, pattern));
        };
        wake();
        return () => socket.destroy();
      })
      .finally(() => {
        wake = () => {};
      });

  return async ({ send: text, expectText }) => {
    if (text !== null) await send(text);
    if (expectText !== null) await awaitText(new RegExp(expectText, 'm'));
  };
}

function mismatch(received: string, pattern: RegExp): ProbeFailure {
  const seen = received === '' ? 'nothing' : JSON.stringify(received.slice(0, 120));
  return new ProbeFailure('text', `got ${seen}, then the end, without /${pattern.source}/`);
}
