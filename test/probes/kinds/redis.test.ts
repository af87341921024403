import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInfo } from '../../../probes/kinds/redis/info.ts';
import { decodeReply, encodeCommand } from '../../../probes/kinds/redis/resp.ts';
import type { Auth, RedisProbeSpec } from '../../../thresholds/model.ts';
import { describeWith } from '../servers/available.ts';
import { startRedis } from '../servers/redis.ts';
import { redisSpec } from '../specs.ts';
import { closedPort, context, options, runOnce, serveTcp, target, unexplainedSeconds, until } from '../support.ts';

type Redis = Awaited<ReturnType<typeof startRedis>>;

const password: Auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
const user = (username: string): Auth => ({ kind: 'basic', username, password: { variable: 'TOKEN' } });
const info = { role: null, minVersion: null, replicating: false };

const probe = (port: number, spec: Partial<RedisProbeSpec> = {}, auth: Auth | null = null) =>
  runOnce(context, target({ url: `redis://127.0.0.1:${port}`, auth, spec: redisSpec(spec) }), options());

async function fake(onConnection: (socket: Socket) => void, spec: Partial<RedisProbeSpec> = {}, limits = {}) {
  await using server = await serveTcp(onConnection);
  const url = `tcp://127.0.0.1:${server.port}`;
  return await runOnce(context, target({ url, spec: redisSpec(spec) }), options(limits));
}

const describeReal = await describeWith('redis-server');

describeReal('a redis probe of a real redis', () => {
  let open: Redis;
  let locked: Redis;
  beforeAll(async () => {
    open = await startRedis();
    const users = ['reader on >s3cret ~* +ping +auth', 'other on >else ~* +@all'];
    locked = await startRedis(['--requirepass', 's3cret', ...users.flatMap((line) => ['--user', ...line.split(' ')])]);
  }, 60_000);
  afterAll(async () => {
    await open?.[Symbol.asyncDispose]();
    await locked?.[Symbol.asyncDispose]();
  });

  it('succeeds on a PONG, and explains where the time went', async () => {
    const result = await probe(open.port);
    expect(result).toMatchObject({ outcome: 'success', reason: 'none', facts: { ipProtocol: 4, tls: false } });
    expect(Object.keys(result.phases)).toEqual([
      ...['resolve', 'connect', 'tls', 'authenticate', 'command', 'info', 'other'],
    ]);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.phases.command).toBeGreaterThan(0);
    expect(result.phases.authenticate).toBe(0);
  });

  it.each<[string, Partial<RedisProbeSpec>]>([
    ['the answer to another command', { command: ['ECHO', 'grüß'], expect: '^grüß$' }],
    ['no value, where any answer will do', { command: ['GET', 'nothing'], expect: null }],
    ['a list, an item a line', { command: ['CONFIG', 'GET', 'port'], expect: '^port\n\\d+$' }],
    ['what INFO must say', { info: { role: 'master', minVersion: '6.0', replicating: false } }],
  ])('succeeds on %s', async (_, spec) => {
    expect(await probe(open.port, spec)).toMatchObject({ outcome: 'success' });
  });

  it.each<[string, Partial<RedisProbeSpec>, object]>([
    [
      'another answer',
      { command: ['ECHO', 'no'], expect: '^yes$' },
      { reason: 'text', detail: 'answered "no", which does not match /^yes$/' },
    ],
    ['no value', { command: ['GET', 'nothing'], expect: '.' }, { reason: 'text' }],
    [
      'an unknown command',
      { command: ['FLY'], expect: null },
      { reason: 'query', detail: /^FLY: ERR unknown command/ },
    ],
    [
      'another role',
      { info: { ...info, role: 'replica' } },
      { reason: 'role', detail: 'its role is master, expected replica' },
    ],
    [
      'an old version',
      { info: { ...info, minVersion: '99.1' } },
      { reason: 'value', detail: /expected at least 99\.1/ },
    ],
    ['a master where a replica must replicate', { info: { ...info, replicating: true } }, { reason: 'not-ready' }],
  ])('fails on %s', async (_, spec, { detail, ...expected }: { reason?: string; detail?: string | RegExp }) => {
    const result = await probe(open.port, spec);
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    if (detail !== undefined) expect(result.detail).toMatch(detail);
  });

  it('logs in with a password, and as a user', async () => {
    expect(await probe(locked.port, {}, password)).toMatchObject({ outcome: 'success' });
    const result = await probe(locked.port, {}, user('reader'));
    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.phases.authenticate).toBeGreaterThan(0);
  });

  it.each<[string, Auth | null, Partial<RedisProbeSpec>]>([
    ['no login', null, {}],
    ['an unknown user', user('nobody'), {}],
    ['a wrong password', user('other'), {}],
    ['a user who may not run the command', user('reader'), { command: ['ECHO', 'x'], expect: null }],
  ])('fails as auth on %s, and shows no secret', async (_, auth, spec) => {
    const result = await probe(locked.port, spec, auth);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'auth' });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  it('fails as auth where redis has no password, and one is given', async () => {
    expect(await probe(open.port, {}, password)).toMatchObject({ outcome: 'failure', reason: 'auth' });
  });

  it('cannot judge without its secret', async () => {
    const auth: Auth = { kind: 'bearer', token: { variable: 'UNSET' } };
    expect(await probe(open.port, {}, auth)).toMatchObject({ outcome: 'unknown', reason: 'misconfigured' });
  });

  it('fails as saturated when all connections are taken', async () => {
    await using small = await startRedis(['--maxclients', '1']);
    await using holder = await hold(small.port);
    expect(holder.connected).toBe(true);
    expect(await probe(small.port)).toMatchObject({ outcome: 'failure', reason: 'saturated' });
  });

  it('fails on a redis that is stopped', async () => {
    await using stopped = await startRedis();
    process.kill(stopped.pid, 'SIGSTOP');
    try {
      expect(await probe(stopped.port, { timeoutMs: 150 })).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    } finally {
      process.kill(stopped.pid, 'SIGCONT');
    }
  });

  it('sees a replica, and when it has lost its master', async () => {
    const master = await startRedis();
    await using replica = await startRedis(['--replicaof', `127.0.0.1 ${master.port}`]);
    const spec = { info: { role: 'replica', minVersion: null, replicating: true } } as const;
    await until(async () => ((await probe(replica.port, spec)).outcome === 'success' ? true : undefined));
    await master[Symbol.asyncDispose]();
    const lost = await until(async () => {
      const result = await probe(replica.port, spec);
      return result.outcome === 'failure' ? result : undefined;
    });
    expect(lost).toMatchObject({ reason: 'not-ready', detail: 'master_link_status is down, expected up' });
  });
});

describeReal('a redis probe by TLS', () => {
  let folder: string;
  let server: Redis;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    await writeFile(join(folder, 'cert.pem'), pems.cert);
    await writeFile(join(folder, 'key.pem'), pems.private);
    const files = ['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem')];
    server = await startRedis([...files, '--tls-auth-clients', 'no'], { tls: true });
  }, 60_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const encrypted = (tls: { caFile: string | null; insecure: boolean }) =>
    runOnce(context, target({ url: `rediss://127.0.0.1:${server.port}`, tls, spec: redisSpec() }), options());

  it('succeeds with the certificate that it trusts', async () => {
    const result = await encrypted({ caFile: join(folder, 'cert.pem'), insecure: false });
    expect(result).toMatchObject({ outcome: 'success', facts: { tls: true } });
    expect(result.phases.tls).toBeGreaterThan(0);
    expect(result.facts.certificateExpirySeconds).toBeGreaterThan(Date.now() / 1_000);
  });

  it('fails on one that it does not', async () => {
    expect(await encrypted({ caFile: null, insecure: false })).toMatchObject({
      outcome: 'failure',
      reason: 'certificate-self-signed',
    });
  });

  it('fails without TLS', async () => {
    expect(await probe(server.port)).toMatchObject({ outcome: 'failure' });
  });
});

describe('a redis probe of something else', () => {
  it.each<[string, (socket: Socket) => void, Partial<RedisProbeSpec>, object]>([
    ['an HTTP server', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), {}, { reason: 'protocol' }],
    [
      'a server that loads its data',
      (socket) => void socket.write('-LOADING Redis is loading the dataset in memory\r\n'),
      {},
      { reason: 'not-ready' },
    ],
    [
      'silence',
      () => {},
      { timeoutMs: 100 },
      { reason: 'timeout', detail: 'no end within 100 ms, at waiting for the answer to PING' },
    ],
    ['half an answer and the end', (socket) => void socket.end('$4\r\nPO'), {}, { reason: 'reset' }],
    ['a cut connection', (socket) => void socket.on('data', () => socket.resetAndDestroy()), {}, { reason: 'reset' }],
    ['an impossible length', (socket) => void socket.write('$99999999999\r\n'), {}, { reason: 'protocol' }],
    ['lists without end', (socket) => void socket.write('*1\r\n'.repeat(1_000)), {}, { reason: 'protocol' }],
  ])('fails on %s', async (_, onConnection, spec, expected) => {
    expect(await fake(onConnection, spec)).toMatchObject({ outcome: 'failure', ...expected });
  });

  it('fails on an endless answer at the limit', async () => {
    const result = await fake(
      (socket) => void socket.write(`$9000\r\n${'x'.repeat(5_000)}`),
      {},
      { bodyLimitBytes: 1_000 },
    );
    expect(result).toMatchObject({ outcome: 'failure', reason: 'body-too-large' });
  });

  it('fails on a port where nothing listens', async () => {
    expect(await probe(await closedPort())).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });
});

describe('what INFO must say', () => {
  const master = '# Server\r\nredis_version:7.2.4\r\n# Replication\r\nrole:master\r\nloading:0\r\n';
  const none = { role: null, minVersion: null, replicating: false };

  it.each<[string, string, object]>([
    ['nothing but an answer', master, {}],
    ['the very version', master, { minVersion: '7.2.4' }],
    ['an older minor version', master, { minVersion: '6.9' }],
    ['a version compared by numbers, not by letters', master.replace('7.2.4', '10.0.0'), { minVersion: '9.1' }],
  ])('holds: %s', (_, text, expected) => {
    expect(() => expectInfo(text, { ...none, ...expected })).not.toThrow();
  });

  it.each<[string, string, object, string]>([
    ['loading', master.replace('loading:0', 'loading:1'), {}, 'not-ready'],
    ['a newer patch', master, { minVersion: '7.2.5' }, 'value'],
    ['no version at all', 'role:master\r\n', { minVersion: '1.0' }, 'value'],
    ['no role at all', 'redis_version:7.2.4\r\n', { role: 'master' }, 'role'],
  ])('is broken: %s', (_, text, expected, reason) => {
    expect(() => expectInfo(text, { ...none, ...expected })).toThrow(expect.objectContaining({ reason }));
  });
});

describe('RESP', () => {
  const answers = '+OK\r\n:12\r\n$-1\r\n*2\r\n$1\r\na\r\n*1\r\n:2\r\n-ERR no\r\n$2\r\nü\r\n*-1\r\n';

  it('reads a stream of answers, wherever it is cut', () => {
    for (let cut = 0; cut <= Buffer.byteLength(answers); cut++) {
      const bytes = Buffer.from(answers);
      const replies = [];
      for (let at = 0; ; ) {
        const decoded = decodeReply(
          at < cut ? (decodeReply(bytes.subarray(0, cut), at) === null ? bytes : bytes.subarray(0, cut)) : bytes,
          at,
        );
        if (decoded === null) break;
        replies.push(decoded.reply);
        at = decoded.end;
      }
      expect(replies, `cut at ${cut}`).toEqual([
        { type: 'text', text: 'OK' },
        { type: 'text', text: '12' },
        { type: 'null' },
        {
          type: 'array',
          items: [
            { type: 'text', text: 'a' },
            { type: 'array', items: [{ type: 'text', text: '2' }] },
          ],
        },
        { type: 'error', text: 'ERR no' },
        { type: 'text', text: 'ü' },
        { type: 'null' },
      ]);
    }
  });

  it('counts bytes, not characters', () => {
    expect(encodeCommand(['SET', 'ü'])).toBe('*2\r\n$3\r\nSET\r\n$2\r\nü\r\n');
  });
});

/** A connection that stays. */
async function hold(port: number): Promise<{ connected: boolean } & AsyncDisposable> {
  const socket = connect(port, '127.0.0.1');
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  return { connected, [Symbol.asyncDispose]: async () => void socket.destroy() };
}
