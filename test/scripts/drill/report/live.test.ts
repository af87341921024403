import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const SCRIPT = `
import { setTimeout as delay } from 'node:timers/promises';
import { createOutput } from '${new URL('../../../../scripts/output.ts', import.meta.url).pathname}';
import { showDrill } from '${new URL('../../../../scripts/drill/report/live.ts', import.meta.url).pathname}';
if (process.argv[2] === 'tty') Object.assign(process.stdout, { isTTY: true, rows: 10, columns: 80 });
const output = createOutput({ json: false, quiet: false });
const live = showDrill(output);
live.onProgress({ case: 'shop/Down', state: 'pending', seconds: 1 });
await delay(150);
live.onProgress({ case: 'shop/Down', state: 'firing', seconds: 2 });
await delay(150);
live.stop();
output.line('done');
`;

async function shown(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, 'x', ...args], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once('exit', resolve));
  return text;
}

/** What a terminal shows after these bytes: lines, with the cursor moves that the table uses. */
function screen(bytes: string): string[] {
  const lines = [''];
  let row = 0;
  for (const [token] of bytes.replaceAll('\x1b', '^').matchAll(/\^\[1A|\^\[K|\r|\n|[^^\r\n]+/g)) {
    if (token === '^[1A') row -= 1;
    else if (token === '^[K') lines[row] = '';
    else if (token === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (token !== '\r') lines[row] += token;
  }
  return lines.filter((line) => line !== '');
}

test('on a terminal the table is redrawn in place and leaves nothing behind', async () => {
  const bytes = await shown('tty');
  expect(screen(bytes)).toEqual(['done']);
  expect(screen(bytes.slice(0, bytes.indexOf('firing') + 6)).join('\n')).not.toContain('pending  ');
  expect(bytes).toContain('pending');
});

test('in a log there are plain lines', async () => {
  expect(await shown()).toBe('done\n');
});
