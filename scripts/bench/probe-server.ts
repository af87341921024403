import { createServer } from 'node:http';

/** Sent by the server once it listens. */
export interface ProbeServerListening {
  port: number;
}

/** Where to ask for an answer after a delay, whose true length the server then knows. */
export const CALIBRATED_PATH = '/calibrated';
/** Of every calibrated answer, about; what a timer makes of it is what the server says. */
export const CALIBRATED_DELAY_MS = 5;

// A process of its own, forked by the benchmark: it answers at once, or after a delay that it measures itself, from the request's arrival to
// the last byte that it hands to the system.
const delaysMs: number[] = [];
const server = createServer((request, response) => {
  if (request.url !== CALIBRATED_PATH) return void response.end('ok');
  const arrivedMs = performance.now();
  setTimeout(() => {
    // Noted before: what the system then needs to deliver it is the prober's to measure.
    delaysMs.push(performance.now() - arrivedMs);
    response.end('ok');
  }, CALIBRATED_DELAY_MS);
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
