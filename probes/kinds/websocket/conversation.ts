import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import type { WebsocketProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeOptions } from '../../context.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { Run } from '../../measured-run.ts';

/** One WebSocket, from the upgrade on an open connection to its close. */
export interface Conversation {
  /** @throws ProbeFailure: upgrade, protocol, timeout, reset, closed. */
  upgrade(): Promise<void>;
  /**
   * Sends, waits for a text message that matches and for the answer to a ping, then closes in order.
   * @throws ProbeFailure: text, protocol, closed, timeout, reset, body-too-large.
   */
  talk(turn: Pick<WebsocketProbeSpec, 'send' | 'expectText' | 'ping'>): Promise<void>;
  /** Frees the connection. */
  end(): void;
}

/** Prepares the upgrade request; it is sent at once. */
export function openConversation(
  request: { url: URL; socket: Socket; headers: Record<string, string>; subprotocol: string | null },
  { bodyLimitBytes, headerLimitBytes }: Pick<ProbeOptions, 'bodyLimitBytes' | 'headerLimitBytes'>,
  { deadline, facts }: Pick<Run<never>, 'deadline' | 'facts'>,
): Conversation {
  const { url, socket, headers, subprotocol } = request;
  const texts: string[] = [];
  let fault: ProbeFailure | null = null;
  let pong = false;
  let closed: number | null = null;
  let wake = () => {};
  const note = (change: () => void) => {
    change();
    wake();
  };
  // The connection is encrypted already where it has to be: for the client it is a plain one.
  const client = new WebSocket(
    `ws://${url.host}${url.pathname}${url.search}`,
    subprotocol === null ? [] : [subprotocol],
    {
      createConnection: () => socket,
      headers,
      maxHeaderSize: headerLimitBytes,
      maxPayload: bodyLimitBytes,
      followRedirects: false,
    },
  );
  client.on('unexpected-response', (_, { statusCode = 0 }: IncomingMessage) =>
    note(() => {
      facts.status = statusCode;
      fault ??= new ProbeFailure('upgrade', `status ${statusCode}, expected 101 (an upgrade to WebSocket)`);
    }),
  );
  client.on('upgrade', ({ statusCode = 0 }) => {
    facts.status = statusCode;
  });
  client.on('open', () =>
    note(() => {
      facts.upgraded = true;
    }),
  );
  client.on('message', (data: RawData, isBinary: boolean) =>
    note(() => {
      if (!isBinary) texts.push(String(data));
    }),
  );
  client.on('pong', () =>
    note(() => {
      pong = true;
    }),
  );
  client.on('close', (code) =>
    note(() => {
      closed = code;
    }),
  );
  client.on('error', (error) =>
    note(() => {
      fault ??= sortError(error, facts.upgraded ?? false, bodyLimitBytes);
    }),
  );

  /** Waits until `ready` says so; a fault comes before it. */
  const until = (name: string, ready: () => boolean | ProbeFailure) =>
    deadline.stage<void>(name, (done, fail) => {
      wake = () => {
        const state = fault ?? ready();
        if (state instanceof ProbeFailure) fail(state);
        else if (state) done();
      };
      wake();
      return () => client.terminate();
    });

  return {
    upgrade: () => until('waiting for the upgrade', () => facts.upgraded ?? false),
    async talk({ send, expectText, ping }) {
      const early = () =>
        closed !== null && new ProbeFailure('closed', `the server closed the WebSocket with code ${closed}`);
      if (send !== null) client.send(send);
      if (expectText !== null) {
        const pattern = new RegExp(expectText);
        await until(`waiting for /${expectText}/`, () => {
          if (texts.some((text) => pattern.test(text))) return true;
          return closed === null ? false : mismatch(texts, expectText);
        });
      }
      if (ping) {
        if (closed === null) client.ping();
        await until('waiting for the answer to a ping', () => pong || early());
      }
      client.close(1000);
      await until('closing', () => closed !== null);
    },
    end() {
      client.terminate();
      socket.destroy();
    },
  };
}

function mismatch(texts: readonly string[], pattern: string): ProbeFailure {
  const last = texts.at(-1);
  const seen = last === undefined ? 'no message' : JSON.stringify(last.slice(0, 120));
  return new ProbeFailure('text', `got ${seen}, then the end, without /${pattern}/`);
}

/** The client's own complaints carry no code before the upgrade, and codes of its own after it. */
function sortError(error: Error, upgraded: boolean, limitBytes: number): ProbeFailure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new ProbeFailure('body-too-large', `message of more than ${limitBytes} bytes`, { cause: error });
  }
  if (code.startsWith('WS_ERR_')) return new ProbeFailure('protocol', message, { cause: error });
  if (code === 'ECONNRESET' && message === 'socket hang up') {
    return new ProbeFailure('closed', 'connection closed without an answer', { cause: error });
  }
  if (code === '' && !upgraded) return new ProbeFailure('upgrade', message, { cause: error });
  return toProbeFailure(error);
}
