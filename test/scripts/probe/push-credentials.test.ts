import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRegistry } from '../../../probes/metrics/registry.ts';
import { openSink, type PageOptions, withPageOptions } from '../../../scripts/probe/page-options.ts';
import { serveHttp, target, until } from '../../probes/support.ts';

const parse = (...args: string[]) =>
  withPageOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
    .parse(args, { from: 'user' })
    .opts<PageOptions>();

describe('what is sent with a push', () => {
  it('is the credential as it is at that time, and the headers of the command line', async () => {
    const seen: string[] = [];
    await using receiver = await serveHttp(({ headers }, response) => {
      seen.push(`${headers.authorization} ${headers['x-scope-orgid']} ${headers['x-b']}`);
      // It sends back what it was sent, and is tried again.
      response.writeHead(503).end(headers.authorization);
    });
    const folder = await mkdtemp(join(tmpdir(), 'firedrill-push-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const token = join(folder, 'token');
    await writeFile(token, 'first-token\n');
    const url = `http://127.0.0.1:${receiver.port}/api/v1/push`;
    const headers = ['--remote-write-header', 'X-Scope-OrgID:team-a', '--remote-write-header', 'X-B: two words'];
    const options = parse('--remote-write', url, '--remote-write-auth', `bearer=file:${token}`, ...headers);
    const sink = await openSink(options, systemClock());
    sink?.observe(createRegistry().add(target()), 1_000);
    await until(() => (seen.length > 0 ? true : undefined));
    expect(seen[0]).toBe('Bearer first-token team-a two words');
    await writeFile(token, 'second-token\n');
    await until(() => (seen.at(-1) === 'Bearer second-token team-a two words' ? true : undefined));
    await until(() => (sink?.stats().lastError.includes('[secret]') ? true : undefined));
    expect(sink?.stats().lastError).not.toMatch(/(first|second)-token/);
    await receiver[Symbol.asyncDispose]();
    await sink?.stop();
  });

  it.each([
    [['--remote-write-auth', 'basic:ops=env:PUSH'], '--remote-write-auth has no effect without --remote-write'],
    [['--remote-write-header', 'X-A:b'], '--remote-write-header has no effect without --remote-write'],
    [
      ['--remote-write', 'http://127.0.0.1:1', '--remote-write-auth', 's3cret'],
      '--remote-write-auth is not understood',
    ],
    [
      ['--remote-write', 'http://127.0.0.1:1', '--remote-write-auth', 'bearer=env:NOTHING'],
      '--remote-write-auth: the environment variable NOTHING is not set',
    ],
  ])('%j is a wrong command line', async (args, message) => {
    await expect(openSink(parse(...args), systemClock(), { PUSH: 'x' })).rejects.toMatchObject({
      name: 'UsageError',
      message,
    });
  });

  it.each(['Authorization: Bearer s3cret', 'X-Scope-OrgID', ': x'])('refuses the header %s', (header) => {
    expect(() => parse('--remote-write-header', header)).toThrow(/Write a name and a value|Credentials belong in/);
  });
});
