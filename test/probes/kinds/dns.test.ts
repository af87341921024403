import { type Answer, TRUNCATED_RESPONSE } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import type { DnsProbeSpec } from '../../../thresholds/model.ts';
import { type Answering, addresses, startDns } from '../servers/dns.ts';
import { dnsSpec } from '../specs.ts';
import { closedPort, context, options, runOnce, target, unexplainedSeconds } from '../support.ts';

const CODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 } as const;

async function probe(answering: Answering, spec: Partial<DnsProbeSpec> = {}) {
  await using server = await startDns(answering);
  const url = `dns://127.0.0.1:${server.port}`;
  const result = await runOnce(context, target({ url, spec: dnsSpec(spec) }), options());
  return { ...result, asked: server.asked };
}

const expecting = (change: Partial<DnsProbeSpec['expect']>) => ({ expect: { ...dnsSpec().expect, ...change } });
const one: Answering = () => ({ answers: addresses('192.0.2.1') });

describe('a dns probe', () => {
  it('succeeds on an answer, and explains where the time went', async () => {
    const result = await probe(one);
    expect(result).toMatchObject({
      outcome: 'success',
      reason: 'none',
      facts: { ipProtocol: 4, dns: { answers: 1, authorities: 0, additionals: 0 } },
      asked: ['udp'],
    });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'request', 'other']);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.phases.request).toBeGreaterThan(0);
  });

  it('asks what the catalogue says', async () => {
    const { outcome } = await probe(
      ({ questions, flag_rd, additionals }) =>
        questions?.[0]?.name === 'mail.test' &&
        questions[0].type === 'MX' &&
        !flag_rd &&
        additionals?.[0]?.type === 'OPT'
          ? { answers: [{ type: 'MX', name: 'mail.test', ttl: 1, data: { preference: 10, exchange: 'a.mail.test' } }] }
          : null,
      { name: 'mail.test', type: 'MX', recursion: false, timeoutMs: 300 },
    );
    expect(outcome).toBe('success');
  });

  it('turns to TCP when the answer is truncated', async () => {
    const result = await probe((_, by) => ({
      answers: addresses(...(by === 'tcp' ? ['192.0.2.1', '192.0.2.2'] : [])),
      ...(by === 'udp' && { flags: TRUNCATED_RESPONSE }),
    }));
    expect(result).toMatchObject({ outcome: 'success', facts: { dns: { answers: 2 } }, asked: ['udp', 'tcp'] });
    expect(result.phases.connect).toBeGreaterThan(0);
  });

  it('asks by TCP alone where it is to', async () => {
    expect(await probe(one, { transport: 'tcp' })).toMatchObject({ outcome: 'success', asked: ['tcp'] });
  });

  it('asks once more when a datagram was lost', async () => {
    let lost = 0;
    const result = await probe(() => (lost++ === 0 ? null : { answers: addresses('192.0.2.1') }), { timeoutMs: 3_000 });
    expect(result).toMatchObject({ outcome: 'success', asked: ['udp', 'udp'] });
  });

  it.each<[string, DnsProbeSpec['type'], Answer, string]>([
    ['AAAA', 'AAAA', { type: 'AAAA', name: 'shop.test', data: '2001:db8::1' }, '^2001:db8::1$'],
    ['CNAME', 'CNAME', { type: 'CNAME', name: 'shop.test', data: 'www.shop.test' }, '^www\\.shop\\.test$'],
    ['NS', 'NS', { type: 'NS', name: 'shop.test', data: 'ns.shop.test' }, '^ns\\.shop\\.test$'],
    ['PTR', 'PTR', { type: 'PTR', name: 'shop.test', data: 'host.shop.test' }, '^host\\.shop\\.test$'],
    ['TXT of two strings', 'TXT', { type: 'TXT', name: 'shop.test', data: ['v=spf1 ', '-all'] }, '^v=spf1 -all$'],
    ['MX', 'MX', { type: 'MX', name: 'shop.test', data: { preference: 5, exchange: 'mx.test' } }, '^5 mx\\.test$'],
    [
      'SRV',
      'SRV',
      { type: 'SRV', name: 'shop.test', data: { priority: 1, weight: 2, port: 443, target: 'a.test' } },
      '^1 2 443 a\\.test$',
    ],
    [
      'CAA',
      'CAA',
      { type: 'CAA', name: 'shop.test', data: { flags: 0, tag: 'issue', value: 'ca.test' } },
      '^0 issue ca\\.test$',
    ],
  ])('reads records of type %s', async (_, type, answer, pattern) => {
    const result = await probe(() => ({ answers: [answer] }), { type, ...expecting({ answers: [pattern] }) });
    expect(result).toMatchObject({ outcome: 'success', detail: '' });
  });

  it('notes the serial number of a zone', async () => {
    const data = {
      mname: 'ns.test',
      rname: 'root.test',
      serial: 2_026_112_001,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
    };
    const result = await probe(() => ({ answers: [{ type: 'SOA', name: 'shop.test', data }] }), {
      type: 'SOA',
      ...expecting({ answers: ['^ns\\.test root\\.test 2026112001 1 2 3 4$'] }),
    });
    expect(result).toMatchObject({ outcome: 'success', facts: { dns: { serial: 2_026_112_001 } } });
  });

  it.each<[string, Answering, Partial<DnsProbeSpec>, object]>([
    [
      'another code',
      () => ({ flags: CODES.NXDOMAIN }),
      {},
      { reason: 'rcode', detail: 'answered NXDOMAIN, expected NOERROR' },
    ],
    ['a server that cannot', () => ({ flags: CODES.SERVFAIL }), {}, { reason: 'rcode' }],
    ['a server that will not', () => ({ flags: CODES.REFUSED }), {}, { reason: 'rcode' }],
    ['a name that should not exist', one, expecting({ rcode: 'NXDOMAIN', minAnswers: 0 }), { reason: 'rcode' }],
    ['no answer', () => ({}), {}, { reason: 'empty', detail: 'no A records, expected at least 1' }],
    [
      'answers of another type alone',
      () => ({ answers: [{ type: 'CNAME', name: 'shop.test', data: 'x.test' }] }),
      {},
      { reason: 'empty' },
    ],
    [
      'too few answers',
      one,
      expecting({ minAnswers: 2 }),
      { reason: 'value', detail: '1 A records, expected at least 2' },
    ],
    [
      'another answer',
      one,
      expecting({ answers: ['^192\\.0\\.2\\.9$'] }),
      { reason: 'text', detail: /^answered 192\.0\.2\.1: no record matches/ },
    ],
    ['an unwanted answer', one, expecting({ noAnswers: ['^192\\.'] }), { reason: 'text' }],
    [
      'silence',
      () => null,
      { timeoutMs: 150 },
      { reason: 'timeout', detail: 'no end within 150 ms, at waiting for the answer by UDP' },
    ],
    [
      'the answer to another question',
      (question, _, bytes) => ({
        id: (question.id ?? 0) ^ 1,
        answers: addresses('192.0.2.1'),
        questions: [],
        flags: bytes.length * 0,
      }),
      { timeoutMs: 150 },
      { reason: 'timeout' },
    ],
    [
      'an answer for another name',
      () => ({ questions: [{ type: 'A', name: 'bank.test' }], answers: addresses('192.0.2.1') }),
      { timeoutMs: 150 },
      { reason: 'timeout' },
    ],
    [
      'garbage behind the head',
      (_, __, bytes) =>
        Buffer.concat([
          bytes.subarray(0, 2),
          Buffer.from([0x80, 0, 0, 1, 0, 9]),
          Buffer.alloc(4),
          Buffer.from([63, 1]),
        ]),
      {},
      { reason: 'protocol' },
    ],
    ['the end of the TCP connection', () => null, { transport: 'tcp' }, { reason: 'reset' }],
  ])('fails on %s', async (_, answering, spec, { detail, ...expected }: { detail?: string | RegExp }) => {
    const result = await probe(answering, spec);
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    if (detail !== undefined) expect(result.detail).toMatch(detail);
  });

  it('succeeds on a name that does not exist, where that is expected', async () => {
    const spec = expecting({ rcode: 'NXDOMAIN', minAnswers: 0 });
    expect(await probe(() => ({ flags: CODES.NXDOMAIN }), spec)).toMatchObject({ outcome: 'success' });
  });

  it.each(['udp', 'tcp'] as const)('fails on a closed port by %s', async (transport) => {
    const url = `dns://127.0.0.1:${await closedPort()}`;
    const result = await runOnce(context, target({ url, spec: dnsSpec({ transport }) }), options());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });

  it('asks the system, for the host of another service', async () => {
    await using server = await startDns(({ questions }) =>
      questions?.[0]?.name === 'cart.test' ? { answers: addresses('192.0.2.1') } : null,
    );
    const system = { ...context, nameServers: () => [`127.0.0.1:${server.port}`, '192.0.2.53'] };
    const spec = dnsSpec({ name: null });
    expect(await runOnce(system, target({ url: 'https://cart.test', spec }), options())).toMatchObject({
      outcome: 'success',
    });
  });

  it('asks a server that it is told, and cannot judge without one', async () => {
    await using server = await startDns(one);
    const url = 'https://shop.test';
    const told = dnsSpec({ server: `127.0.0.1:${server.port}` });
    expect(await runOnce(context, target({ url, spec: told }), options())).toMatchObject({ outcome: 'success' });
    const none = { ...context, nameServers: () => [] };
    expect(await runOnce(none, target({ url, spec: dnsSpec() }), options())).toMatchObject({
      outcome: 'unknown',
      reason: 'misconfigured',
    });
  });
});
