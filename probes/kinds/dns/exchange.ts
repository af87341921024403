import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';

/** Reads one answer; null for a message that is not the answer to our question. */
export type ReadAnswer<T> = (message: Buffer) => T | null;

/** A question is sent again after this time without an answer: a datagram may be lost on the way. */
const RESEND_AFTER_MS = 1_000;

/**
 * Asks by UDP; messages that answer another question, or come from elsewhere, are passed over.
 * @throws ProbeFailure timeout, refused (where the host says that the port is closed), protocol.
 */
export function askUdp<T>(
  to: { address: string; family: number; port: number },
  question: Buffer,
  deadline: Deadline,
  read: ReadAnswer<T>,
): Promise<T> {
  return deadline.stage('waiting for the answer by UDP', (done, fail) => {
    const socket = createSocket(to.family === 6 ? 'udp6' : 'udp4');
    let resend: NodeJS.Timeout | undefined;
    const stop = () => {
      clearInterval(resend);
      socket.close();
    };
    const finish = (how: () => void) => {
      stop();
      how();
    };
    const send = () => socket.send(question);
    socket.on('error', (error) => finish(() => fail(error)));
    socket.on('message', (message) => {
      try {
        const answer = read(message);
        if (answer !== null) finish(() => done(answer));
      } catch (error) {
        finish(() => fail(error));
      }
    });
    // A connected socket takes messages from the server alone, and hears that its port is closed.
    socket.connect(to.port, to.address, () => {
      send();
      resend = setInterval(send, RESEND_AFTER_MS);
    });
    return stop;
  });
}

/**
 * Asks over a TCP connection: each message has its length before it (RFC 1035 4.2.2).
 * @throws ProbeFailure timeout, reset, protocol.
 */
export function askTcp<T>(socket: Socket, question: Buffer, deadline: Deadline, read: ReadAnswer<T>): Promise<T> {
  return deadline.stage('waiting for the answer by TCP', (done, fail) => {
    let received = Buffer.alloc(0);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        for (let answer = next(); answer !== undefined; answer = next()) {
          const found = read(answer);
          if (found !== null) return done(found);
        }
      } catch (error) {
        fail(error);
      }
    });
    const next = () => {
      const size = received.length < 2 ? Number.POSITIVE_INFINITY : received.readUInt16BE(0);
      if (received.length < 2 + size) return undefined;
      const message = received.subarray(2, 2 + size);
      received = received.subarray(2 + size);
      return message;
    };
    socket.once('error', fail);
    socket.once('end', () => fail(new ProbeFailure('reset', 'the server ended the connection without an answer')));
    socket.write(Buffer.concat([length, question]));
    return () => socket.destroy();
  });
}
