import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { serveHttp } from '../../probes/support.ts';

const CLI = fileURLToPath(new URL('../../../scripts/cli.ts', import.meta.url));

/** `firedrill probe --once` on services that are each a probe at a path of one web server, whose status is the path. */
async function once(services: Record<string, string>, ...args: string[]) {
  await using web = await serveHttp(
    ({ url = '' }, response) => void response.writeHead(Number(url.slice(1)) || 200).end('hello'),
  );
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-once-'));
  const address = `address: 'http://127.0.0.1:${web.port}', scrape: false`;
  const rows = Object.entries(services).map(([id, rest]) => `  - { id: ${id}, kind: exporter, ${address}, ${rest} }\n`);
  try {
    await writeFile(join(dir, 'shop.yaml'), `system: shop\nservices:\n${rows.join('')}`);
    const run = [CLI, 'probe', '--once', '--catalogue', dir, ...args];
    return await execa(process.execPath, run, { reject: false, timeout: 30_000, env: { TOKEN: 'secret' } });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const GOOD = 'probe: { kind: http, path: /200 }';
const BAD = 'probe: { kind: http, path: /500 }';
const HEARTBEAT = 'probe: { kind: heartbeat, within: 1m, token: { variable: TOKEN } }';
/** Our own mistake: nothing can be said about the service. */
const MISTAKEN = `${GOOD}, auth: { bearer: { variable: UNSET } }`;

describe('one look', () => {
  it.each<[string, Record<string, string>, number]>([
    ['all good', { web: GOOD }, 0],
    ['one bad', { web: GOOD, till: BAD }, 1],
    ['one that could not be judged', { web: GOOD, till: MISTAKEN }, 4],
    ['nothing that one look can judge', { backup: HEARTBEAT }, 4],
    ['a wrong catalogue', { web: 'probe: { kind: htp }' }, 2],
  ])('with %s ends as it should', async (_, services, code) => {
    expect((await once(services)).exitCode).toBe(code);
  });

  it('leaves heartbeats out and says so, in JSON on stderr', async () => {
    const text = await once({ web: GOOD, backup: HEARTBEAT });
    expect(text.stdout).toMatch(
      /1 target: 1 ok, 0 failed, 0 unknown\n {2}1 heartbeat left out: only a running prober hears it/,
    );
    const json = await once({ web: GOOD, backup: HEARTBEAT, report: HEARTBEAT }, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ target: 'shop/web', outcome: 'success' }]);
    expect(json.stderr).toContain('2 heartbeats left out: only a running prober hears them');
    expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
  });
});
