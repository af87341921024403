import { createServer } from 'node:net';

/** Sent by the server once it listens. */
export interface ProbeServerListening {
  port: number;
}

/** Where to ask for an answer after a delay, whose true length the server then knows. */
export const CALIBRATED_PATH = '/calibrated';
/** Of every calibrated answer, about; what a timer makes of it is what the server says. */
const CALIBRATED_DELAY_MS = 5;

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok';

// A process of its own, forked by the benchmark: it answers at once with as little work as there is, or after a delay that it measures itself,
// from the arrival of the request to the moment when the answer is with the system.
const delaysMs: number[] = [];
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', (head) => {
    const arrivedMs = performance.now();
    if (!head.includes(CALIBRATED_PATH)) return void socket.end(ANSWER);
    setTimeout(() => {
      socket.end(ANSWER);
      delaysMs.push(performance.now() - arrivedMs);
    }, CALIBRATED_DELAY_MS);
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
  const address = server.address();
  const listening: ProbeServerListening = { port: typeof address === 'object' && address !== null ? address.port : 0 };
  // The first answer is the port, every further one the delays since the last.
  process.once('message', () => {
    process.send?.(listening);
    process.on('message', () => process.send?.(delaysMs.splice(0)));
  });
});
process.once('disconnect', () => process.exit(0));
