import { createServer } from 'node:http';
import type { Distribution } from '../../thresholds/model.ts';
import { lognormal, seededRandom } from '../fleet/random.ts';

/** What the bare server answers: the same latency and body as the fleet's service, and nothing else. */
export interface BareRoute {
  path: string;
  latencyMs: Distribution;
  status: number;
  contentType: string;
  body: string;
}

/** Sent by the server: once when it listens, then in answer to any message. */
export type BareReport = { port: number } | { cpuSeconds: number };

// A process of its own, forked by the benchmark: the least that a server with this latency costs in Node.
process.once('message', (routes: BareRoute[]) => {
  const random = seededRandom(1);
  const ready = new Map(
    routes.map(({ path, latencyMs, status, contentType, body }) => {
      const bytes = Buffer.from(body);
      const headers = { 'content-type': contentType, 'content-length': bytes.length };
      return [path, { draw: lognormal(latencyMs, random), status, headers, bytes }];
    }),
  );
  const server = createServer((req, res) => {
    const route = ready.get(req.url ?? '/');
    req.resume();
    if (route === undefined) {
      res.writeHead(404).end();
      return;
    }
    setTimeout(() => {
      res.writeHead(route.status, route.headers);
      res.end(route.bytes);
    }, route.draw());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) report({ port: address.port });
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    report({ cpuSeconds: (user + system) / 1e6 });
  });
});
process.once('disconnect', () => process.exit(0));

function report(message: BareReport): void {
  process.send?.(message);
}
