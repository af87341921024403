import { createServer, type Server } from 'node:net';

/** Sent by the server once it listens. */
export interface TargetsListening {
  ports: number[];
}

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok';

// A process of its own, forked by the benchmark: it takes a request of one segment and answers, with as little work as there is.
process.once('message', async (count: number) => {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  const listening: TargetsListening = { ports };
  process.send?.(listening);
});
process.once('disconnect', () => process.exit(0));

function listen(): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(ANSWER));
  });
  return new Promise((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => resolve(server)));
}
