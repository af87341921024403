import { createServer } from 'node:http';

// The least that can be asked: what remains is the cost of asking. One process of its own, so that its time is not k6's.
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{"ok":true,"id":42}');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(`Listening on ${address.port}`);
});
