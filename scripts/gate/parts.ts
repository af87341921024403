import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Tally, tallyOfExit } from './tally.ts';
import { tallyVitest } from './vitest-report.ts';

/** Where and how the parts run. */
export interface GateContext {
  root: string;
  /** `test` on every change, `prove` for the long tier. */
  tier: 'test' | 'prove';
  env: NodeJS.ProcessEnv;
  /** Ends the part that is running. */
  signal: AbortSignal;
}

/** One named part of the gate. */
export interface GatePart {
  name: string;
  run: (context: GateContext) => Promise<Tally>;
}

/** Every part of the gate, in the order in which they run: the quick ones first. */
export const GATE_PARTS: readonly GatePart[] = [
  { name: 'format and lint', run: (context) => program(context, tool(context, 'biome'), ['check', '.']) },
  { name: 'types', run: (context) => program(context, tool(context, 'tsc'), ['--noEmit']) },
  { name: 'derived files', run: (context) => program(context, cli(context), ['generate', '--check']) },
  // Installed before any test measures time: building k6 takes minutes.
  { name: 'tools', run: (context) => program(context, cli(context), ['doctor', '--install']) },
  { name: 'tests', run: vitest },
];

async function program(context: GateContext, entry: string, args: readonly string[]): Promise<Tally> {
  return tallyOfExit(await runNode(context, entry, args, {}));
}

async function vitest(context: GateContext): Promise<Tally> {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-gate-'));
  try {
    const report = join(dir, 'report.json');
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runNode(context, tool(context, 'vitest'), args, { FIREDRILL_TIER: context.tier });
    const { tally, trouble } = tallyVitest(read(report), code);
    if (trouble !== null) process.stdout.write(`${trouble}\n`);
    return tally;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Runs a JavaScript or TypeScript file under this very Node; resolves to its exit code, null when it was killed or did not start. */
function runNode(
  { root, env, signal }: GateContext,
  entry: string,
  args: readonly string[],
  extraEnv: Readonly<Record<string, string>>,
): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      cwd: root,
      env: { ...env, ...extraEnv },
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
      killSignal: 'SIGINT',
    });
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(null);
      if (!signal.aborted) process.stdout.write(`${entry}: ${error.message}\n`);
    });
    child.on('exit', resolve);
  });
}

function tool({ root }: GateContext, name: string): string {
  return join(root, 'node_modules', '.bin', name);
}

function cli({ root }: GateContext): string {
  return join(root, 'scripts', 'cli.ts');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
