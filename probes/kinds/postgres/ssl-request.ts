import type { Socket } from 'node:net';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';

/** Length 8, then the request code 1234 5679 (PostgreSQL protocol, "SSLRequest"). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Asks a PostgreSQL server to go on encrypted.
 * @throws ProbeFailure `tls` when it will not.
 */
export function requestTls(socket: Socket, deadline: Deadline): Promise<void> {
  return deadline.stage('waiting for the answer to the SSLRequest', (done, fail) => {
    const stop = () => {
      socket.removeListener('data', onData);
      socket.removeListener('error', onError);
      socket.removeListener('end', onEnd);
    };
    const onError = (error: Error) => {
      stop();
      fail(error);
    };
    const onEnd = () => onError(new ProbeFailure('reset', 'the server ended the connection at the SSLRequest'));
    const onData = (chunk: Buffer) => {
      stop();
      socket.pause();
      const answer = chunk.toString('latin1');
      // Anything after the one byte was put there by somebody in between (CVE-2021-23222).
      if (answer === 'S') done(undefined);
      else if (answer === 'N') fail(new ProbeFailure('tls', 'the server offers no TLS'));
      else fail(new ProbeFailure('protocol', `answered ${JSON.stringify(answer.slice(0, 40))} to the SSLRequest`));
    };
    socket.on('data', onData);
    socket.once('error', onError);
    socket.once('end', onEnd);
    socket.write(SSL_REQUEST);
    return () => {
      stop();
      socket.destroy();
    };
  });
}
