import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { postgresFailure } from '../../../probes/kinds/postgres/sql-state.ts';
import type { Auth, PostgresProbeSpec } from '../../../thresholds/model.ts';
import { describeWith } from '../servers/available.ts';
import { type PostgresServer, startPostgres } from '../servers/postgres.ts';
import { postgresSpec } from '../specs.ts';
import { closedPort, context, options, runOnce, serveTcp, target, unexplainedSeconds } from '../support.ts';

const auth: Auth = { kind: 'basic', username: 'postgres', password: { variable: 'TOKEN' } };
const HBA = [
  'host all trusted 127.0.0.1/32 trust',
  'hostssl encrypted all 127.0.0.1/32 trust',
  'host encrypted all 127.0.0.1/32 reject',
  'host all all 127.0.0.1/32 scram-sha-256',
];

const describeReal = await describeWith('postgres', 'initdb');

describeReal('a postgres probe of a real PostgreSQL', () => {
  let server: PostgresServer;
  let certificate: string;

  beforeAll(async () => {
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    certificate = pems.cert;
    const files = { 'server.crt': pems.cert, 'server.key': pems.private };
    server = await startPostgres(
      ['-c', 'ssl=on', '-c', 'max_connections=8', '-c', 'superuser_reserved_connections=1'],
      {
        hba: HBA,
        files,
      },
    );
    const admin = await connectAs('postgres');
    for (const sql of [
      'CREATE ROLE trusted LOGIN',
      'CREATE DATABASE encrypted',
      'CREATE TABLE carts (id int, owner text)',
    ]) {
      await admin.query(sql);
    }
    await admin.query("INSERT INTO carts VALUES (1, 'ada'), (2, NULL)");
    await admin.end();
  }, 90_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  const connectAs = async (user: string) => {
    const client = new Client({ host: '127.0.0.1', port: server.port, user, database: 'postgres', password: 's3cret' });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const probe = (
    spec: Partial<PostgresProbeSpec> = {},
    who: Auth | null = auth,
    tls = { caFile: null, insecure: false } as { caFile: string | null; insecure: boolean },
  ) =>
    runOnce(
      context,
      target({
        url: `postgres://127.0.0.1:${server.port}`,
        auth: who,
        tls,
        spec: postgresSpec({ timeoutMs: 3_000, ...spec }),
      }),
      options(),
    );

  it('succeeds on SELECT 1, and explains where the time went', async () => {
    const result = await probe();
    expect(result).toMatchObject({ outcome: 'success', facts: { ipProtocol: 4, tls: false, rows: 1 } });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'tls', 'authenticate', 'query', 'other']);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.phases.authenticate).toBeGreaterThan(0);
    expect(result.phases.query).toBeGreaterThan(0);
  });

  it.each<[string, Partial<PostgresProbeSpec>]>([
    ['rows in number', { query: 'SELECT * FROM carts', expectValue: null, expectRows: { min: 2, max: 2 } }],
    ['the first value of the first row', { query: 'SELECT owner, id FROM carts ORDER BY id', expectValue: '^ada$' }],
    ['a query that ends with a comment', { query: 'SELECT 1 -- one', expectValue: '^1$' }],
    ['a user who needs no password', { user: 'trusted', database: 'postgres' }],
    ['a primary', { role: 'primary' }],
  ])('succeeds on %s', async (_, spec) => {
    expect(await probe(spec)).toMatchObject({ outcome: 'success' });
  });

  it.each<[string, Partial<PostgresProbeSpec>, string, RegExp]>([
    ['another value', { query: 'SELECT 2' }, 'text', /^the first value is "2"/],
    ['NULL for a value', { query: 'SELECT NULL' }, 'text', /^the first value is NULL/],
    ['no row', { query: 'SELECT 1 WHERE false' }, 'empty', /^no row/],
    [
      'too few rows',
      { query: 'SELECT id FROM carts', expectValue: null, expectRows: { min: 3, max: null } },
      'value',
      /^2 rows, expected at least 3/,
    ],
    [
      'too many rows',
      { query: 'SELECT id FROM carts', expectValue: null, expectRows: { min: 0, max: 1 } },
      'value',
      /^2 rows/,
    ],
    ['a table that is not there', { query: 'SELECT * FROM orders' }, 'query', /SQLSTATE 42P01/],
    ['a database that is not there', { database: 'nowhere' }, 'query', /SQLSTATE 3D000/],
    ['a query that writes', { query: 'DELETE FROM carts' }, 'query', /read-only transaction/],
    ['a primary where a standby was promised', { role: 'standby' }, 'role', /not in recovery/],
    ['a slow query', { query: 'SELECT pg_sleep(30)', timeoutMs: 300 }, 'timeout', /./],
    ['a server without the TLS that it must have', { database: 'encrypted' }, 'auth', /pg_hba/],
  ])('fails on %s', async (_, spec, reason, detail) => {
    const result = await probe(spec);
    expect(result).toMatchObject({ outcome: 'failure', reason });
    expect(result.detail).toMatch(detail);
  });

  it('leaves no query behind that it no longer waits for', async () => {
    await probe({ query: 'SELECT pg_sleep(31)', timeoutMs: 200 });
    const admin = await connectAs('postgres');
    onTestFinished(() => admin.end());
    await expect
      .poll(
        async () =>
          (
            await admin.query(
              "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(31)%' AND pid <> pg_backend_pid()",
            )
          ).rowCount,
      )
      .toBe(0);
  });

  it('cannot judge by a query with a wrong syntax', async () => {
    expect(await probe({ query: 'SELEC 1' })).toMatchObject({ outcome: 'unknown', reason: 'misconfigured' });
  });

  it.each<[string, Auth | null]>([
    ['no password', null],
    ['a wrong password', { ...auth, password: { variable: 'WRONG' } }],
    ['an unknown user', { ...auth, username: 'nobody' }],
  ])('fails as auth on %s, and shows no secret', async (_, who) => {
    const readSecret = (secret: object) => ('variable' in secret && secret.variable === 'WRONG' ? 'wr0ng' : 's3cret');
    const url = `postgres://127.0.0.1:${server.port}`;
    const result = await runOnce(
      { ...context, readSecret },
      target({ url, auth: who, spec: postgresSpec() }),
      options(),
    );
    expect(result).toMatchObject({ outcome: 'failure', reason: 'auth' });
    expect(JSON.stringify(result)).not.toMatch(/s3cret|wr0ng/);
  });

  it('fails as saturated when all connections are taken', async () => {
    const held: Client[] = [];
    onTestFinished(async () => void (await Promise.all(held.map((client) => client.end()))));
    for (let left = 7; left > 0; left--) {
      const client = await connectAs('trusted').catch(() => undefined);
      if (client !== undefined) held.push(client);
    }
    const spec = { user: 'trusted', database: 'postgres' };
    expect(await probe(spec)).toMatchObject({ outcome: 'failure', reason: 'saturated' });
  });

  it('encrypts, and verifies only where it is to', async () => {
    const file = join(tmpdir(), `firedrill-${process.pid}-server.pem`);
    await writeFile(file, certificate);
    const trusted = { caFile: file, insecure: false };
    const verified = await probe({ sslmode: 'verify-full', database: 'encrypted' }, auth, trusted);
    expect(verified).toMatchObject({ outcome: 'success', facts: { tls: true } });
    expect(verified.phases.tls).toBeGreaterThan(0);
    expect(verified.facts.certificateExpirySeconds).toBeGreaterThan(Date.now() / 1_000);
    expect(await probe({ sslmode: 'require', database: 'encrypted' })).toMatchObject({ outcome: 'success' });
    const untrusted = await probe({ sslmode: 'verify-full' });
    expect(untrusted).toMatchObject({ outcome: 'failure', reason: 'certificate-self-signed' });
    expect(untrusted.facts.certificateExpirySeconds).toBe(verified.facts.certificateExpirySeconds);
  });
});

describeReal('a postgres probe of a server in another state', () => {
  it('sees that it is in recovery, not encrypted, and gone', async () => {
    await using server = await startPostgres();
    const probe = (spec: Partial<PostgresProbeSpec>) =>
      runOnce(context, target({ url: `tcp://127.0.0.1:${server.port}`, auth, spec: postgresSpec(spec) }), options());
    expect(await probe({ sslmode: 'require' })).toMatchObject({
      outcome: 'failure',
      reason: 'tls',
      detail: 'the server offers no TLS',
    });
    await server.stop();
    expect(await probe({})).toMatchObject({ outcome: 'failure', reason: 'refused' });
    await writeFile(join(server.data, 'standby.signal'), '');
    await server.restart(['-c', 'hot_standby=on']);
    expect(await probe({ role: 'standby' })).toMatchObject({ outcome: 'success' });
    expect(await probe({ role: 'primary' })).toMatchObject({
      outcome: 'failure',
      reason: 'role',
      detail: 'it is in recovery, so a standby; expected a primary',
    });
    expect(await probe({})).toMatchObject({ outcome: 'success' });
  }, 90_000);
});

describe('a postgres probe of something else', () => {
  it.each<[string, (socket: Socket) => void, Partial<PostgresProbeSpec>, object]>([
    ['silence', () => {}, { timeoutMs: 100 }, { reason: 'timeout', detail: 'no end within 100 ms, at the login' }],
    ['an HTTP server', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), {}, { reason: 'reset' }],
    [
      'an HTTP server at the TLS request',
      (socket) => void socket.end('HTTP/1.1 400\r\n'),
      { sslmode: 'require' },
      { reason: 'protocol' },
    ],
    [
      'bytes behind the answer to the TLS request',
      (socket) => void socket.write('Sx'),
      { sslmode: 'require' },
      { reason: 'protocol' },
    ],
    ['the end of the connection', (socket) => void socket.end(), {}, { reason: 'reset' }],
    ['a cut connection', (socket) => void socket.on('data', () => socket.resetAndDestroy()), {}, { reason: 'reset' }],
  ])('fails on %s', async (_, onConnection, spec, expected) => {
    await using server = await serveTcp(onConnection);
    const url = `postgres://127.0.0.1:${server.port}`;
    const result = await runOnce(context, target({ url, auth, spec: postgresSpec(spec) }), options());
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
  });

  it('fails on a port where nothing listens', async () => {
    const url = `postgres://127.0.0.1:${await closedPort()}`;
    const result = await runOnce(context, target({ url, spec: postgresSpec() }), options());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });
});

describe('an error of PostgreSQL', () => {
  it.each([
    ['28P01', 'auth'],
    ['28000', 'auth'],
    ['53300', 'saturated'],
    ['57P03', 'not-ready'],
    ['57P01', 'not-ready'],
    ['57014', 'timeout'],
    ['42601', 'misconfigured'],
    ['42P01', 'query'],
    ['XX000', 'query'],
    ['ECONNRESET', 'reset'],
  ])('%s is %s', (code, reason) => {
    expect(postgresFailure(Object.assign(new Error('no'), { code })).reason).toBe(reason);
  });
});
