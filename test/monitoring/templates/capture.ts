import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An e-mail as it came in, decoded. */
export interface Mail {
  subject: string;
  to: string;
  text: string;
  html: string;
}

/** What chat and paging services were sent: JSON bodies by the path of the request, and e-mails. */
export interface Capture {
  url: string;
  smarthost: string;
  posts(path: string): Record<string, unknown>[];
  mails: Mail[];
  /** Waits for the first value that is not undefined. */
  until<T>(look: () => T | undefined): Promise<T>;
  close(): Promise<void>;
}

const DEADLINE_MS = 20_000;

/** Servers on loopback that take the part of Slack, Discord, PagerDuty and a mail host. */
export async function startCapture(): Promise<Capture> {
  const received = new Map<string, Record<string, unknown>[]>();
  const http = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      received.set(path, [...(received.get(path) ?? []), JSON.parse(Buffer.concat(chunks).toString('utf8'))]);
      // Slack's answer to what it takes; the others look at the status alone.
      response.writeHead(path === '/pagerduty' ? 202 : 200, { 'content-type': 'text/plain' }).end('ok');
    });
  });
  const mails: Mail[] = [];
  const smtp = createTcpServer((socket) => {
    let input = '';
    let data = false;
    socket.setEncoding('latin1').on('error', () => {});
    socket.write('220 capture ESMTP\r\n');
    socket.on('data', (chunk: string) => {
      input += chunk;
      for (;;) {
        const ending = data ? '\r\n.\r\n' : '\r\n';
        const at = input.indexOf(ending);
        if (at < 0) return;
        const part = input.slice(0, at);
        input = input.slice(at + ending.length);
        if (data) mails.push(decodeMail(part));
        const starts = !data && /^DATA/i.test(part);
        socket.write(starts ? '354 go on\r\n' : /^QUIT/i.test(part) ? '221 bye\r\n' : '250 ok\r\n');
        data = starts;
      }
    });
  });
  for (const server of [http, smtp]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const port = (server: typeof http | typeof smtp) => (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port(http)}`,
    smarthost: `127.0.0.1:${port(smtp)}`,
    posts: (path) => received.get(path) ?? [],
    mails,
    until: async (look) => {
      for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await delay(20)) {
        const found = look();
        if (found !== undefined) return found;
      }
      throw new Error(`nothing came in time: ${JSON.stringify([...received.keys()])}, ${mails.length} e-mails`);
    },
    close: async () => {
      http.closeAllConnections();
      await Promise.all([http, smtp].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** The parts of a multipart message; quoted-printable, as Alertmanager writes it. */
function decodeMail(raw: string): Mail {
  const [head = '', ...rest] = raw.replaceAll('\r\n..', '\r\n.').split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const header = (name: string) =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(head.replaceAll(/\r\n[ \t]+/g, ' '))?.[1] ?? '';
  const boundary = /boundary="?([^";\r]+)/i.exec(head)?.[1] ?? '';
  const part = (type: string) => {
    const found = body.split(`--${boundary}`).find((each) => new RegExp(`Content-Type: ${type}`, 'i').test(each)) ?? '';
    return quotedPrintable(found.slice(found.indexOf('\r\n\r\n') + 4))
      .replaceAll('\r\n', '\n')
      .trim();
  };
  const subject = header('Subject').replaceAll(/=\?utf-8\?q\?(.*?)\?=\s*/gi, (_, text: string) =>
    quotedPrintable(text.replaceAll('_', ' ')),
  );
  return { subject, to: header('To'), text: part('text/plain'), html: part('text/html') };
}

function quotedPrintable(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
