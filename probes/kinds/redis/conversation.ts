import type { Socket } from 'node:net';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';
import { decodeReply, encodeCommand, type RespReply } from './resp.ts';

/** One command after the other over a connection that is open. */
export interface Conversation {
  /**
   * Sends a command and reads its whole answer, an error of redis among them.
   * @throws ProbeFailure timeout, reset, protocol, body-too-large.
   */
  ask(words: readonly string[]): Promise<RespReply>;
}

/** Starts a conversation; `limitBytes` is the longest answer that is read. */
export function converse(socket: Socket, deadline: Deadline, limitBytes: number): Conversation {
  let received = Buffer.alloc(0);
  return {
    ask: (words) =>
      deadline.stage(`waiting for the answer to ${words[0] ?? 'a command'}`, (done, fail) => {
        const stop = () => {
          socket.removeListener('data', onData);
          socket.removeListener('error', onError);
          socket.removeListener('end', onEnd);
        };
        const finish = (how: () => void) => {
          stop();
          how();
        };
        const onError = (error: Error) => finish(() => fail(error));
        const onEnd = () =>
          finish(() => fail(new ProbeFailure('reset', 'the server ended the connection without an answer')));
        const onData = (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          try {
            const decoded = decodeReply(received);
            if (decoded !== null) {
              received = received.subarray(decoded.end);
              finish(() => done(decoded.reply));
            } else if (received.length > limitBytes) {
              finish(() => fail(new ProbeFailure('body-too-large', `answer of more than ${limitBytes} bytes`)));
            }
          } catch (error) {
            finish(() => fail(new ProbeFailure('protocol', (error as Error).message, { cause: error })));
          }
        };
        socket.on('data', onData);
        socket.once('error', onError);
        socket.once('end', onEnd);
        socket.write(encodeCommand(words));
        return () => {
          stop();
          socket.destroy();
        };
      }),
  };
}
