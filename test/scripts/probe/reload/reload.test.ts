import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { createReloader } from '../../../../scripts/probe/reload/reloader.ts';
import { UsageError } from '../../../../scripts/usage-error.ts';
import { catalogueOf, serveHttp, until } from '../../../probes/support.ts';

const CLI = fileURLToPath(new URL('../../../../scripts/cli.ts', import.meta.url));

/** `firedrill probe` on a catalogue of its own, as a person would run it. */
async function startProber(...args: string[]) {
  const web = await serveHttp((_, response) => void response.end('ok'));
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-reload-'));
  const write = (services: string[], rest = '') => {
    const lines = services.map(
      (id) =>
        `  - { id: ${id}, kind: exporter, address: 'http://127.0.0.1:${web.port}', probe: { kind: http, path: /, interval: 200ms } }\n`,
    );
    return writeFile(join(dir, 'shop.yaml'), `system: shop\n${rest}services:\n${lines.join('')}`);
  };
  await write(['a', 'b']);
  const child = execa(process.execPath, [CLI, 'probe', '--catalogue', dir, '--json', ...args], { reject: false });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const { url } = await until(() => (out.includes('\n') ? (JSON.parse(out) as { url: string }) : undefined), 20_000);
  const page = async () => (await fetch(`${url}/metrics`)).text();
  return {
    url,
    write,
    child,
    log: () => log,
    page,
    value: async (pattern: RegExp) => Number(pattern.exec(await page())?.[1]),
    seeing: (pattern: RegExp) => until(async () => (pattern.test(await page()) ? true : undefined)),
    logged: (pattern: RegExp) => until(() => pattern.exec(log) ?? undefined),
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await child;
      await web[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

describe('firedrill probe', () => {
  it('reads its catalogue again on SIGHUP, POST /-/reload and a change; a bad one changes nothing', async () => {
    await using prober = await startProber('--no-watch', '--location', 'eu-west');
    await prober.seeing(/^probe_success\{.*location="eu-west".*target="shop\/b"\} 1$/m);
    const runs = () => prober.value(/^probe_all_success_count\{.*target="shop\/a"\} (\d+)$/m);
    const before = await runs();

    await prober.write(['a', 'c']);
    prober.child.kill('SIGHUP');
    await prober.logged(/reloaded \(SIGHUP\): 1 target new, 0 changed, 1 gone, 1 as before/);
    await prober.seeing(/^probe_success\{.*target="shop\/c"\} 1$/m);
    expect(await prober.page()).not.toContain('target="shop/b"');
    expect(await runs()).toBeGreaterThanOrEqual(before);

    await prober.write(['a'], 'titel: wrong\n');
    const refused = await fetch(`${prober.url}/-/reload`, { method: 'POST' });
    expect([refused.status, await refused.text()]).toEqual([500, expect.stringMatching(/shop\.yaml:2:1.*titel/s)]);
    expect(prober.log()).toMatch(/not reloaded \(POST \/-\/reload\), nothing changes: .*shop\.yaml:2:1/s);
    const state = await prober.page();
    expect(state).toMatch(/^firedrill_config_last_reload_successful 0$/m);
    expect(state).toMatch(/^blackbox_exporter_config_last_reload_successful 0$/m);
    expect(state).toContain('target="shop/c"');

    await prober.write(['a']);
    const taken = await fetch(`${prober.url}/-/reload`, { method: 'POST' });
    expect([taken.status, await taken.text()]).toEqual([200, '0 targets new, 0 changed, 1 gone, 1 as before\n']);
    expect(await prober.page()).toMatch(/^firedrill_config_last_reload_successful 1$/m);
    expect((await fetch(`${prober.url}/-/reload`)).status).toBe(405);
    prober.child.kill('SIGINT');
    expect((await prober.child).exitCode).toBe(130);
  });

  it('notices a changed file by itself', async () => {
    await using prober = await startProber();
    await prober.seeing(/target="shop\/b"/);
    await prober.write(['a', 'b', 'c']);
    await prober.logged(/reloaded \(changed files\): 1 target new, 0 changed, 0 gone, 2 as before/);
    await prober.seeing(/target="shop\/c"/);
  });

  it('probes only its shard', async () => {
    await using prober = await startProber('--shard', '0/2');
    const page = await until(async () => {
      const text = await prober.page();
      return text.includes('probe_targets{') ? text : undefined;
    });
    expect(page).toMatch(/^probe_targets\{kind="http"\} 1$/m);
  });
});

describe('a reloader', () => {
  it('reloads one after the other, and once for all that ask while one is under way', async () => {
    const log: string[] = [];
    let loads = 0;
    let atOnce = 0;
    const gates: (() => void)[] = [];
    const reloader = createReloader({
      runner: { reload: async () => ({ added: 0, changed: 0, removed: 0, unchanged: 1 }), reloadFailed() {} },
      async load() {
        loads += 1;
        atOnce += 1;
        expect(atOnce).toBe(1);
        await new Promise<void>((resolve) => void gates.push(resolve));
        atOnce -= 1;
        return { catalogue: catalogueOf({}), addresses: new Map(), caFile: null };
      },
      log: (line) => void log.push(line),
      env: {},
    });
    const first = reloader.reload('first');
    await until(() => (gates.length === 1 ? true : undefined));
    const later = [reloader.reload('second'), reloader.reload('third')];
    gates[0]?.();
    await first;
    await until(() => (gates.length === 2 ? true : undefined));
    gates[1]?.();
    expect(await Promise.all(later)).toEqual([
      { ok: true, text: '0 targets new, 0 changed, 0 gone, 1 as before' },
      { ok: true, text: '0 targets new, 0 changed, 0 gone, 1 as before' },
    ]);
    expect(loads).toBe(2);
    expect(log).toHaveLength(2);
  });

  it('says what is wrong, tells the runner, and works again after it', async () => {
    let failures = 0;
    let broken = true;
    const reloader = createReloader({
      runner: {
        reload: async () => ({ added: 1, changed: 0, removed: 0, unchanged: 0 }),
        reloadFailed: () => {
          failures += 1;
        },
      },
      async load() {
        if (broken) throw new UsageError('shop.yaml:2:1 unknown key', null);
        return { catalogue: catalogueOf({}), addresses: new Map(), caFile: null };
      },
      log() {},
      env: {},
    });
    expect(await reloader.reload('SIGHUP')).toEqual({ ok: false, text: 'shop.yaml:2:1 unknown key' });
    expect(failures).toBe(1);
    broken = false;
    expect(await reloader.reload('SIGHUP')).toEqual({ ok: true, text: '1 target new, 0 changed, 0 gone, 0 as before' });
  });
});
