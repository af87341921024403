import type { Socket } from 'node:net';
import { createServer, TLSSocket, type TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { renderText } from '../../../probes/metrics/text.ts';
import type { TlsProbeSpec } from '../../../thresholds/model.ts';
import { DAY_MS, inDays, issue, temporaryFile } from '../certificates.ts';
import { runSample } from '../metrics/samples.ts';
import {
  closedPort,
  context,
  httpSpec,
  options,
  runOnce,
  serve,
  serveHttp,
  serveTcp,
  target,
  tlsSpec,
  unexplainedSeconds,
  until,
} from '../support.ts';

const NO_EXPECTATION = tlsSpec().certificate;

/** Probes a TLS server on localhost. The certificate is trusted unless another one is given to be. */
async function probe(
  certificate: Parameters<typeof issue>[0] = {},
  spec: Partial<TlsProbeSpec> = {},
  {
    server: settings = {},
    host = 'localhost',
    trust,
    insecure = false,
  }: {
    server?: TlsOptions;
    host?: string;
    trust?: string | null;
    insecure?: boolean;
  } = {},
) {
  const { key, cert } = await issue(certificate);
  await using ca = await temporaryFile(trust ?? cert);
  await using server = await serve(createServer({ key, cert, ...settings }));
  const tls = { caFile: trust === null ? null : ca.path, insecure };
  return await runOnce(context, target({ url: `tls://${host}:${server.port}`, spec: tlsSpec(spec), tls }), options());
}

describe('a tls probe', () => {
  it('succeeds on a handshake that verifies, and tells what it saw', async () => {
    const end = inDays(90);
    const result = await probe({ until: end });
    expect(result).toMatchObject({
      outcome: 'success',
      facts: {
        tls: true,
        certificateVerified: true,
        certificateExpirySeconds: end.getTime() / 1_000,
        chainExpirySeconds: end.getTime() / 1_000,
        tlsVersion: 'TLSv1.3',
        certificate: { subject: 'CN=localhost', issuer: 'CN=localhost', subjectAlternative: 'localhost' },
      },
    });
    expect(result.facts.tlsCipher).toMatch(/^TLS_/);
    expect(result.facts.certificate?.fingerprintSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'tls', 'other']);
    expect(result.phases.tls).toBeGreaterThan(0);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  const yesterday = inDays(-1);
  const tomorrow = inDays(1);
  it.each<[string, Parameters<typeof probe>, object]>([
    [
      'an expired certificate',
      [{ until: yesterday }],
      { reason: 'certificate-expired', detail: `certificate expired on ${yesterday.toISOString()}` },
    ],
    [
      'one that is not valid yet',
      [{ from: tomorrow }],
      { reason: 'certificate-not-yet-valid', detail: 'certificate is not valid yet' },
    ],
    ['one that signed itself', [{}, {}, { trust: null }], { reason: 'certificate-self-signed' }],
    ['one for another name', [{}, {}, { host: '127.0.0.1' }], { reason: 'certificate-name' }],
    [
      'one for another name than the one asked for',
      [{}, { serverName: 'shop.test' }],
      {
        reason: 'certificate-name',
        detail: 'certificate is for another name, not shop.test',
      },
    ],
    [
      'one that expires too soon',
      [{ until: inDays(10) }, { certificate: { ...NO_EXPECTATION, validForMs: 14 * DAY_MS } }],
      { reason: 'certificate-expiring', detail: 'certificate expires in 10 days, 14 are promised' },
    ],
    [
      'one of another issuer',
      [{}, { certificate: { ...NO_EXPECTATION, issuer: "O=Let's Encrypt" } }],
      {
        reason: 'certificate-mismatch',
        detail: "issuer of the certificate is CN=localhost, expected /O=Let's Encrypt/",
      },
    ],
    [
      'one for another subject',
      [{}, { certificate: { ...NO_EXPECTATION, subject: 'CN=shop' } }],
      { reason: 'certificate-mismatch' },
    ],
    [
      'a lower version than promised',
      [{}, { minVersion: '1.3' }, { server: { maxVersion: 'TLSv1.2' } }],
      { reason: 'tls-version', detail: 'the server speaks TLSv1.2, at least TLSv1.3 is promised' },
    ],
  ])('fails on %s, and knows when it expires', async (_, args, expected) => {
    const result = await probe(...args);
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    expect(result.facts.certificateExpirySeconds).toBeGreaterThan(1_700_000_000);
    const verifies = ['certificate-expiring', 'certificate-mismatch', 'tls-version'].includes(result.reason);
    expect(result.facts.certificateVerified).toBe(verifies);
  });

  it('fails on one that somebody else signed', async () => {
    const ca = await issue({ name: 'Some CA', keyType: 'rsa' });
    const result = await probe({ by: ca, keyType: 'rsa' }, {}, { trust: (await issue({ name: 'Another CA' })).cert });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'certificate-untrusted',
      facts: { certificateVerified: false },
    });
    expect(await probe({ by: ca, keyType: 'rsa' }, {}, { trust: ca.cert })).toMatchObject({ outcome: 'success' });
  });

  it('fails on a server that speaks only versions that are out of use', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await probe({}, {}, { server: old })).toMatchObject({ outcome: 'failure', reason: 'tls-version' });
  });

  it('fails on a server that speaks no TLS', async () => {
    await using server = await serveHttp((_, response) => response.end());
    const result = await runOnce(
      context,
      target({ url: `tls://127.0.0.1:${server.port}`, spec: tlsSpec() }),
      options(),
    );
    expect(result).toMatchObject({ outcome: 'failure', reason: 'tls' });
  });

  it('fails on a handshake that hangs', async () => {
    await using server = await serveTcp(() => {});
    const url = `tls://127.0.0.1:${server.port}`;
    const result = await runOnce(context, target({ url, spec: tlsSpec({ timeoutMs: 100 }) }), options());
    expect(result).toMatchObject({ reason: 'timeout', detail: 'no end within 100 ms, at the TLS handshake' });
  });

  it('fails on a port where nothing listens', async () => {
    const url = `tls://127.0.0.1:${await closedPort()}`;
    expect(await runOnce(context, target({ url, spec: tlsSpec() }), options())).toMatchObject({ reason: 'refused' });
  });

  it('takes any certificate where the catalogue says insecure, and says that it did not verify', async () => {
    const result = await probe({ until: yesterday }, {}, { trust: null, insecure: true });
    expect(result).toMatchObject({ outcome: 'success', facts: { certificateVerified: false } });
    expect(result.facts.chainExpirySeconds).toBeUndefined();
  });

  it('makes a full handshake each time', async () => {
    const { key, cert } = await issue();
    await using ca = await temporaryFile(cert);
    const reused: boolean[] = [];
    const tlsServer = createServer({ key, cert }, (socket) => void reused.push(socket.isSessionReused()));
    await using server = await serve(tlsServer);
    const here = target({
      url: `tls://localhost:${server.port}`,
      spec: tlsSpec(),
      tls: { caFile: ca.path, insecure: false },
    });
    for (let run = 0; run < 3; run += 1) await runOnce(context, here, options());
    await until(() => reused.length === 3 || undefined);
    expect(reused).toEqual([false, false, false]);
  });

  it('exports expiry, verification, version and cipher even of a certificate that does not verify', async () => {
    const result = await probe({ until: yesterday }, { exports: ['certificate'] });
    const registry = createRegistry();
    const series = registry.add(target({ url: 'tls://localhost:1', spec: tlsSpec({ exports: ['certificate'] }) }));
    recordRun(series, { ...runSample(), result });
    const page = [...renderText(registry)].join('');
    expect(page).toMatch(new RegExp(`^probe_ssl_earliest_cert_expiry\\{.*\\} ${yesterday.getTime() / 1_000}$`, 'm'));
    expect(page).toMatch(/^probe_ssl_verified\{.*\} 0$/m);
    expect(page).toMatch(/^probe_tls_version_info\{.*version="TLS 1.3"\} 1$/m);
    expect(page).toMatch(/^probe_tls_cipher_info\{cipher="TLS_\w+",environment=.*\} 1$/m);
    expect(page).toMatch(/^probe_ssl_last_chain_info\{.*,issuer="CN=localhost",.*subject="CN=localhost",.*\} 1$/m);
  });
});

describe('a tls probe that asks for TLS first', () => {
  /** A server that talks in the clear and turns to TLS when its `answers` run out. */
  async function probeStartTls(startTls: 'smtp' | 'imap' | 'postgres', greeting: string, answers: [RegExp, string][]) {
    const { key, cert } = await issue();
    await using ca = await temporaryFile(cert);
    const talk = (socket: Socket) => {
      const left = [...answers];
      socket.write(greeting);
      const onData = (data: Buffer) => {
        const [ask, answer] = left.shift() ?? [];
        if (ask === undefined || !ask.test(data.toString('latin1'))) return void socket.end('500 no\r\n');
        if (left.length === 0) {
          socket.off('data', onData);
          socket.write(answer ?? '', () => new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {}));
        } else socket.write(answer ?? '');
      };
      socket.on('data', onData);
    };
    await using server = await serveTcp(talk);
    const url = `tls://localhost:${server.port}`;
    const spec = tlsSpec({ startTls });
    return await runOnce(context, target({ url, spec, tls: { caFile: ca.path, insecure: false } }), options());
  }

  it.each<[string, Parameters<typeof probeStartTls>]>([
    [
      'smtp',
      [
        'smtp',
        '220-hello\r\n220 mail ESMTP\r\n',
        [
          [/^EHLO firedrill\r\n$/, '250-mail\r\n250-SIZE 1\r\n250 STARTTLS\r\n'],
          [/^STARTTLS\r\n$/, '220 go\r\n'],
        ],
      ],
    ],
    ['imap', ['imap', '* OK ready\r\n', [[/^f1 STARTTLS\r\n$/, 'f1 OK begin\r\n']]]],
    ['postgres', ['postgres', '', [[/^.{7}\/$/s, 'S']]]],
  ])('succeeds in %s', async (_, args) => {
    const result = await probeStartTls(...args);
    expect(result).toMatchObject({ outcome: 'success', facts: { certificateVerified: true } });
  });

  it('fails when the server will not', async () => {
    const result = await probeStartTls('smtp', '220 mail\r\n', [
      [/^EHLO/, '250 mail\r\n'],
      [/never/, ''],
    ]);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'text' });
    expect(await probeStartTls('postgres', '', [[/\/$/, 'N']])).toMatchObject({ outcome: 'failure', reason: 'tls' });
  });

  it('fails when something in the clear comes after the consent', async () => {
    const injected = '220 go\r\n250 injected\r\n';
    const result = await probeStartTls('smtp', '220 mail\r\n', [
      [/^EHLO/, '250 mail\r\n'],
      [/^STARTTLS/, injected],
    ]);
    expect(result).toMatchObject({ outcome: 'failure' });
  });
});

describe('an http probe on the certificate', () => {
  it('fails after an answer that is otherwise as expected, and hides no worse reason', async () => {
    const { key, cert } = await issue({ until: inDays(10) });
    await using ca = await temporaryFile(cert);
    const { createServer: createHttpsServer } = await import('node:https');
    let status = 200;
    await using server = await serve(
      createHttpsServer({ key, cert }, (_, response) => response.writeHead(status).end()),
    );
    const spec = httpSpec({ certificate: { ...NO_EXPECTATION, validForMs: 14 * DAY_MS } });
    const here = target({ url: `https://localhost:${server.port}`, spec, tls: { caFile: ca.path, insecure: false } });
    expect(await runOnce(context, here, options())).toMatchObject({
      outcome: 'failure',
      reason: 'certificate-expiring',
      facts: { status: 200 },
    });
    status = 500;
    expect(await runOnce(context, here, options())).toMatchObject({ outcome: 'failure', reason: 'status' });
  });
});
