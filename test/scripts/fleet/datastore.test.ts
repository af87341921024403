import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { answerRedis } from '../../../scripts/fleet/datastore/redis.ts';
import type { Fleet } from '../../../scripts/fleet/fleet.ts';
import { datastore, level, metric } from './fixtures/catalogue.ts';
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
      expect(answerRedis(Buffer.from(command.slice(0, cut))), `after ${cut} bytes`).toBeNull();
    }
    expect(answerRedis(Buffer.from(`${command}PING\r\n`))).toEqual({ read: command.length, send: '$2\r\nhi\r\n' });
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

  test('answers a start-up with an error of the server, and ends', async () => {
    const { port } = await start('postgres');
    const answer = await talk(port('store'), [message(8, 196_608)], 1_000);
    expect(answer).toMatch(/^E[\s\S]*57P03/);
    expect(Buffer.from(answer, 'latin1').readUInt32BE(1)).toBe(answer.length - 1);
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
