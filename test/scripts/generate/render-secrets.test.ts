import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { renderSecretFolder } from '../../../scripts/generate/render-secrets.ts';
import { catalogueOf, runTool, SHOP } from '../../monitoring/support.ts';

const catalogue = catalogueOf(SHOP.replace("url: 'http://127.0.0.1:9/alerts'", 'url: {variable: HOOK_URL}'));
const ENV = {
  HOOK_URL: 'https://hooks.example.com/secret',
  SLACK_API_URL: 'https://hooks.slack.com/services/T/B/x',
  DISCORD_URL: 'https://discord.com/api/x?a: b #c"',
};

function folder(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'firedrill-secrets-')), 'secrets');
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('the folder holds what a deployment needs, for its owner alone', async () => {
  const into = folder();
  expect(renderSecretFolder(catalogue, into, ENV)).toEqual({
    written: ['alertmanager.yml', 'SLACK_API_URL'],
    missing: ['mail', 'pager'],
  });
  const text = readFileSync(join(into, 'alertmanager.yml'), 'utf8');
  const [discord] = parse(text).receivers.find(({ name }: { name: string }) => name === 'discord').discord_configs;
  expect(discord.webhook_url).toBe(ENV.DISCORD_URL);
  expect(text).toContain(`url: "${ENV.HOOK_URL}"`);
  expect(readFileSync(join(into, 'SLACK_API_URL'), 'utf8')).toBe(ENV.SLACK_API_URL);
  for (const name of ['alertmanager.yml', 'SLACK_API_URL'])
    expect(statSync(join(into, name)).mode & 0o777, name).toBe(0o600);
  const result = await runTool('amtool', ['check-config', 'a.yml'], { 'a.yml': text });
  expect(result.ok, result.output).toBe(true);
});

test('a file that was open to others is so no longer', () => {
  const into = folder();
  renderSecretFolder(catalogue, into, ENV);
  writeFileSync(join(into, 'pager'), 'key', { mode: 0o644 });
  writeFileSync(join(into, 'alertmanager.yml.new'), '', { mode: 0o644 });
  expect(renderSecretFolder(catalogue, into, ENV).missing).toEqual(['mail']);
  expect(statSync(join(into, 'alertmanager.yml')).mode & 0o777).toBe(0o600);
});

test('without a value nothing is written, and every variable is named', () => {
  const into = folder();
  expect(() => renderSecretFolder(catalogue, into, { OTHER: 'x' })).toThrow(
    'secrets without a value: the environment variable DISCORD_URL is not set; the environment variable HOOK_URL is not set; the environment variable SLACK_API_URL is not set',
  );
  expect(existsSync(into)).toBe(false);
});

test('never into the folder that is committed', () => {
  expect(() => renderSecretFolder(catalogue, 'monitoring/generated/secrets', ENV)).toThrow('which is committed');
});
