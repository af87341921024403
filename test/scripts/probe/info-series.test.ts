import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import { startProbes } from '../../../probes/runner.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { issue, temporaryFile } from '../../probes/certificates.ts';
import { catalogueOf, serve, serveTcp, tlsSpec, until } from '../../probes/support.ts';
import { testPrometheuses, testRun } from '../stack/helpers.ts';

describe.each(await testPrometheuses())('what a handshake showed, pushed into Prometheus $version', (tool) => {
  it('is one series at a time: the old one ends at once when the server changes', async () => {
    const { dir, scope } = await testRun();
    const { key, cert } = await issue();
    await using ca = await temporaryFile(cert);
    await using old = await serve(createServer({ key, cert, maxVersion: 'TLSv1.2' }));
    await using current = await serve(createServer({ key, cert }));
    let port = old.port;
    await using front = await serveTcp((socket) => {
      const behind = connect(port, '127.0.0.1').on('error', () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    });
    const prometheus = await startPrometheus({ scope, tool, dir, config: 'global: {}\n' });
    const sink = createRemoteWrite({
      url: `${prometheus.url}/api/v1/write`,
      clock: systemClock(),
      flushIntervalMs: 50,
    });
    const runner = startProbes({
      catalogue: catalogueOf({ web: tlsSpec({ exports: ['certificate'] }) }),
      addresses: new Map([['shop/web', `tls://localhost:${front.port}`]]),
      caFile: ca.path,
      intervalMs: 200,
      sink,
    });
    const versions = async () =>
      (await prometheus.query('probe_tls_version_info')).map(({ labels }) => labels.version ?? '');
    const untilVersion = (version: string) =>
      until(async () => ((await versions()).includes(version) ? true : undefined));

    await untilVersion('TLS 1.2');
    port = current.port;
    await untilVersion('TLS 1.3');
    // Without the marker the old one would stay for five minutes.
    expect(await versions()).toEqual(['TLS 1.3']);
    const [chain] = await prometheus.query('probe_ssl_last_chain_info');
    expect(chain).toMatchObject({
      value: 1,
      labels: { subject: 'CN=localhost', issuer: 'CN=localhost', target: 'shop/web' },
    });
    await runner.stop();
    expect(await prometheus.query('{job="firedrill"}')).toEqual([]);
    expect(sink.stats()).toMatchObject({ samplesDropped: 0, lastError: '' });
  });
});
