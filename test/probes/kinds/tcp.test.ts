import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TcpProbeSpec, TcpTurn } from '../../../thresholds/model.ts';
import { closedPort, context, options, runOnce, serveTcp, target, tcpSpec, unexplainedSeconds } from '../support.ts';

async function probe(onConnection: (socket: Socket) => void, spec: Partial<TcpProbeSpec & TcpTurn> = {}, limits = {}) {
  await using server = await serveTcp(onConnection);
  const url = `tcp://127.0.0.1:${server.port}`;
  return await runOnce(context, target({ url, spec: tcpSpec(spec) }), options(limits));
}

describe('a tcp probe', () => {
  it('succeeds on a connection', async () => {
    const result = await probe(() => {});
    expect(result).toMatchObject({ outcome: 'success', reason: 'none', facts: { ipProtocol: 4 } });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'exchange', 'other']);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  it('succeeds on the expected answer to what it sends, in pieces too', async () => {
    const pong = (socket: Socket) =>
      socket.on('data', (data) => {
        if (`${data}` !== 'PING\r\n') return;
        socket.write('+PO');
        setTimeout(() => socket.write('NG\r\n'), 10);
      });
    expect(await probe(pong, { send: 'PING\r\n', expectText: '\\+PONG' })).toMatchObject({ outcome: 'success' });
  });

  it.each<[string, (socket: Socket) => void, Partial<TcpProbeSpec & TcpTurn>, object]>([
    [
      'another answer and the end',
      (socket) => void socket.end('-ERR\r\n'),
      { expectText: 'PONG' },
      { reason: 'text', detail: 'got "-ERR\\r\\n", then the end, without /PONG/' },
    ],
    [
      'silence',
      () => {},
      { expectText: 'PONG', timeoutMs: 100 },
      { reason: 'timeout', detail: 'no end within 100 ms, at waiting for /PONG/' },
    ],
    [
      'a cut connection',
      (socket) => void socket.on('data', () => socket.resetAndDestroy()),
      { send: 'x', expectText: 'PONG' },
      { reason: 'reset' },
    ],
  ])('fails on %s', async (_, onConnection, spec, expected) => {
    expect(await probe(onConnection, spec)).toMatchObject({ outcome: 'failure', ...expected });
  });

  it('fails on an endless wrong answer at the limit', async () => {
    const chatter = (socket: Socket) => void socket.write('x'.repeat(5_000));
    const result = await probe(chatter, { expectText: 'PONG' }, { bodyLimitBytes: 1_000 });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'body-too-large' });
  });

  it('fails on a port where nothing listens', async () => {
    const result = await runOnce(
      context,
      target({ url: `tcp://127.0.0.1:${await closedPort()}`, spec: tcpSpec() }),
      options(),
    );
    expect(result).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });

  it('succeeds on a port that refuses where it must, and fails on one that does not', async () => {
    const spec = tcpSpec({ mustRefuse: true });
    const closed = target({ url: `tcp://127.0.0.1:${await closedPort()}`, spec });
    expect(await runOnce(context, closed, options())).toMatchObject({ outcome: 'success' });
    expect(await probe(() => {}, { mustRefuse: true })).toMatchObject({ outcome: 'failure', reason: 'accepted' });
  });
});

describe('a dialogue', () => {
  /** A mail server as far as it goes, its answers in one piece with whatever is asked at once. */
  const smtp = (socket: Socket) => {
    socket.write('220 mail ready\r\n');
    socket.on('data', (data) => {
      for (const line of `${data}`.split('\r\n')) {
        if (line.startsWith('EHLO')) socket.write('250-mail\r\n250 SIZE\r\n');
        else if (line === 'QUIT') socket.end('221 bye\r\n');
        else if (line !== '') socket.write('502 no\r\n');
      }
    });
  };

  it('takes its turns in order', async () => {
    const dialogue = [
      { send: null, expectText: '^220 ' },
      { send: 'EHLO firedrill\r\n', expectText: '^250 .*$' },
      { send: 'QUIT\r\n', expectText: '^221 ' },
    ];
    expect(await probe(smtp, { dialogue })).toMatchObject({ outcome: 'success' });
  });

  it('keeps what came with the answer before for the next turn, and no turn takes it twice', async () => {
    const both = (socket: Socket) => void socket.write('a1 a2 ');
    const turn = (expectText: string) => ({ send: null, expectText });
    expect(await probe(both, { dialogue: [turn('a1 '), turn('^a2 ')] })).toMatchObject({ outcome: 'success' });
    expect(await probe(both, { dialogue: [turn('a1 '), turn('a1 ')], timeoutMs: 100 })).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      detail: 'turn 2 of 2: no end within 100 ms, at waiting for /a1 /',
    });
  });

  it('names the turn that fails', async () => {
    const dialogue = [
      { send: null, expectText: '^220 ' },
      { send: 'QUIT\r\n', expectText: '^250 ' },
    ];
    expect(await probe(smtp, { dialogue })).toMatchObject({
      outcome: 'failure',
      reason: 'text',
      detail: 'turn 2 of 2: got "mail ready\\r\\n221 bye\\r\\n", then the end, without /^250 /',
    });
  });
});
