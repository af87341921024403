import type { Socket } from 'node:net';
import { Client, Query, type QueryArrayConfig } from 'pg';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';
import { postgresFailure } from './sql-state.ts';

/** Who logs in where. */
export interface PostgresLogin {
  user: string;
  database: string;
  password: string | null;
}

/** The first value of an answer as text, undefined without a row, null for SQL's NULL; and how many rows it had. */
export interface PostgresAnswer {
  first: string | null | undefined;
  rows: number;
}

/** A session over a connection that is open, and encrypted where it is to be. */
export interface PostgresSession {
  /** @throws ProbeFailure */
  login(): Promise<void>;
  /** @throws ProbeFailure */
  ask(sql: string, limitBytes: number): Promise<PostgresAnswer>;
  close(): void;
}

/** Starts a session of the `pg` client on our own connection; nothing is sent yet. */
export function startSession(socket: Socket, deadline: Deadline, login: PostgresLogin): PostgresSession {
  const client = new Client({
    user: login.user,
    database: login.database,
    // A function, since without a password the client would look into the files of the user who runs the prober.
    password: () => login.password ?? '',
    ssl: false,
    stream: () => connected(socket),
    application_name: 'firedrill',
    types: { getTypeParser: () => (text: unknown) => text },
  });
  // What ends the session also fails the stage under way.
  client.on('error', () => {});
  const stage = <T>(name: string, begin: (done: (value: T) => void, fail: (error: unknown) => void) => void) =>
    deadline
      .stage<T>(name, (done, fail) => {
        begin(done, fail);
        return () => socket.destroy();
      })
      .catch((error) => Promise.reject(postgresFailure(error)));
  return {
    login: () => stage<void>('the login', (done, fail) => void client.connect().then(() => done(), fail)),
    ask: (sql, limitBytes) =>
      stage<PostgresAnswer>('the query', (done, fail) => {
        const answer: PostgresAnswer = { first: undefined, rows: 0 };
        const before = socket.bytesRead;
        const config: QueryArrayConfig = { text: sql, rowMode: 'array' };
        const query = client.query(new Query(config));
        query.on('row', (row: unknown) => {
          if (answer.rows === 0) answer.first = (row as (string | null)[])[0] ?? null;
          answer.rows += 1;
          if (socket.bytesRead - before > limitBytes) {
            fail(new ProbeFailure('body-too-large', `answer of more than ${limitBytes} bytes`));
            socket.destroy();
          }
        });
        query.on('error', fail);
        query.on('end', () => done(answer));
      }),
    // Without a farewell: the server ends a session whose connection is gone.
    close: () => socket.destroy(),
  };
}

/** The client wants to connect its stream itself: told to, this one says that it has. */
function connected(socket: Socket): Socket {
  const connect = () => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  return Object.assign(socket, { connect });
}
