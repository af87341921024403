import { connect } from 'node:net';
import { Client } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { answerRedis } from '../../../scripts/fleet/datastore/redis.ts';
import type { Fleet } from '../../../scripts/fleet/fleet.ts';
import { runProbeOnce } from '../../../scripts/probe/once.ts';
import type { FaultKind } from '../../../thresholds/faults.ts';
import { postgresSpec, redisSpec } from '../../probes/specs.ts';
import { catalogueOf, datastore, level, metric } from './fixtures/catalogue.ts';
import { fleetOf } from './fixtures/client.ts';

let running: Fleet | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(engine: 'redis' | 'postgres' | 'other') {
  const started = await fleetOf([datastore('store', engine)]);
  running = started.fleet;
  return started;
}

/** Sends bytes, in pieces, and reads until `enough` bytes have come or the connection ends. */
function talk(port: number, pieces: (string | Buffer)[], enough: number, withinMs = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const timer = setTimeout(() => finish(new Error(`only ${JSON.stringify(heard)}`)), withinMs);
    const finish = (error?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (error === undefined) resolve(heard);
      else reject(error);
    };
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      heard += text;
      if (heard.length >= enough) finish();
    });
    socket.once('error', finish);
    socket.once('end', () => finish());
    socket.once('connect', () => {
      for (const piece of pieces) socket.write(piece);
    });
  });
}

function message(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, index * 4);
  return bytes;
}

describe('redis', () => {
  test.each([
    ['an inline PING', ['PING\r\n'], '+PONG\r\n'],
    ['a PING as an array', ['*1\r\n$4\r\nPING\r\n'], '+PONG\r\n'],
    ['a PING with a text', ['*2\r\n$4\r\nping\r\n$2\r\nhi\r\n'], '$2\r\nhi\r\n'],
    ['a command in pieces', ['*1\r\n$4', '\r\nPI', 'NG\r\n'], '+PONG\r\n'],
    ['two commands at once', ['PING\r\nPING\r\n'], '+PONG\r\n+PONG\r\n'],
    ['an unknown command', ['FLY\r\n'], "-ERR unknown command 'FLY', with args beginning with: \r\n"],
    ['QUIT', ['QUIT\r\n'], '+OK\r\n'],
  ])('answers %s', async (_, pieces, answer) => {
    const { port } = await start('redis');
    expect(await talk(port('store'), pieces, answer.length)).toBe(answer);
  });

  test('waits for the whole command, wherever it is cut', () => {
    const command = '*2\r\n$4\r\nPING\r\n$2\r\nhi\r\n';
    for (let cut = 0; cut < command.length; cut++) {
      expect(answerRedis(Buffer.from(command.slice(0, cut)), { saturated: false }), `after ${cut} bytes`).toBeNull();
    }
    expect(answerRedis(Buffer.from(`${command}PING\r\n`), { saturated: false })).toMatchObject({
      read: command.length,
      send: '$2\r\nhi\r\n',
    });
  });

  test('answers INFO', async () => {
    const { port } = await start('redis');
    expect(await talk(port('store'), ['INFO\r\n'], 60)).toMatch(/^\$\d+\r\n# Server\r\nredis_version:\d/);
  });

  test('is slow, hangs or is down when a fault says so', async () => {
    const { fleet, port } = await start('redis');
    const ping = (withinMs?: number) => talk(port('store'), ['PING\r\n'], 7, withinMs);
    await fleet.inject('shop', { service: 'store', kind: 'slow', delayMs: 200 });
    const startedAt = performance.now();
    await ping();
    expect(performance.now() - startedAt).toBeGreaterThan(195);
    await fleet.inject('shop', { service: 'store', kind: 'hanging' });
    await expect(ping(200)).rejects.toThrow('only ""');
    await fleet.inject('shop', { service: 'store', kind: 'down' });
    await expect(ping()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await fleet.clear('shop');
    expect(await ping()).toBe('+PONG\r\n');
  });
});

describe('postgres', () => {
  test('answers N to a request for encryption', async () => {
    const { port } = await start('postgres');
    expect(await talk(port('store'), [message(8, 80_877_103)], 1)).toBe('N');
  });

  test('refuses a start-up that is none, and ends', async () => {
    const { port } = await start('postgres');
    const answer = await talk(port('store'), [message(7, 196_608)], 1_000);
    expect(answer).toMatch(/^E[\s\S]*08P01/);
    expect(Buffer.from(answer, 'latin1').readUInt32BE(1)).toBe(answer.length - 1);
  });

  test('speaks to the client that the probe uses', async () => {
    const { port } = await start('postgres');
    const client = new Client({ host: '127.0.0.1', port: port('store'), user: 'postgres', database: 'x' });
    await client.connect();
    expect((await client.query('SELECT 41; SELECT 42 -- two')) as unknown).toMatchObject([
      { rows: [{ '?column?': '41' }] },
      { rows: [{ '?column?': '42' }] },
    ]);
    expect((await client.query('select pg_is_in_recovery()')).rows).toEqual([{ '?column?': 'f' }]);
    await expect(client.query('SELECT * FROM carts')).rejects.toMatchObject({ code: '42P01' });
    await expect(client.query('BEGIN; SET LOCAL x = 1; ROLLBACK')).resolves.toBeDefined();
    await client.end();
  });
});

describe('the default probe of a datastore', () => {
  const REFUSED = 'failure refused';
  const expected: [FaultKind, { redis: string; postgres: string }][] = [
    ['down', { redis: REFUSED, postgres: REFUSED }],
    ['refusing', { redis: 'failure reset', postgres: 'failure reset' }],
    ['hanging', { redis: 'failure timeout', postgres: 'failure timeout' }],
    ['slow', { redis: 'failure timeout', postgres: 'failure timeout' }],
    ['slow-queries', { redis: 'failure timeout', postgres: 'failure timeout' }],
    ['exhausted-pool', { redis: 'failure saturated', postgres: 'failure saturated' }],
  ];

  test.each(expected)('sees %s, and when it is over', async (kind, reasons) => {
    const stores = [
      datastore('redis', 'redis', { probe: redisSpec({ timeoutMs: 600 }) }),
      datastore('postgres', 'postgres', { probe: postgresSpec({ timeoutMs: 600 }) }),
    ];
    const started = await fleetOf(stores);
    running = started.fleet;
    const look = async (): Promise<Record<string, string>> => {
      const results = await runProbeOnce({ catalogue: catalogueOf(...stores), addresses: started.fleet.addresses });
      // A machine under load: that says nothing of the fleet.
      if (results.some((result) => result.reason === 'lagging')) return look();
      return Object.fromEntries(results.map(({ target, outcome, reason }) => [target, `${outcome} ${reason}`]));
    };
    const good = { 'shop/redis': 'success none', 'shop/postgres': 'success none' };
    expect(await look()).toEqual(good);
    for (const service of ['redis', 'postgres'] as const) {
      await started.fleet.inject('shop', { service, kind, ...(kind === 'slow' && { delayMs: 2_000 }) });
      expect(await look()).toEqual({ ...good, [`shop/${service}`]: reasons[service] });
      await started.fleet.clear('shop', service);
      expect(await look()).toEqual(good);
    }
  });
});

describe('another datastore', () => {
  test('accepts connections', async () => {
    const { port } = await start('other');
    await expect(talk(port('store'), ['hello'], 1, 150)).rejects.toThrow('only ""');
  });
});

test('a datastore that is scraped serves its metrics on the same port', async () => {
  const scraped = {
    ...datastore('store', 'redis'),
    scrape: { path: '/metrics', intervalMs: null },
    metrics: [metric('keys', 'gauge', level(12))],
  };
  const started = await fleetOf([scraped]);
  running = started.fleet;
  const page = await fetch(`http://127.0.0.1:${started.port('store')}/metrics`);
  expect(await page.text()).toContain('keys 12');
  expect(await talk(started.port('store'), ['PING\r\n'], 7)).toBe('+PONG\r\n');
});
