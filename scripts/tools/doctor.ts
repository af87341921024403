import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { HarnessError } from '../process/harness-error.ts';
import { runCommand } from '../process/run-command.ts';
import { cacheFolder } from './cache.ts';
import { BUNDLES, type ResolveOptions, resolveTool } from './resolve.ts';
import { TEST_BUNDLES } from './test-servers.ts';
import type { ToolSource, ToolSpec } from './tool.ts';
import { compareVersions } from './version.ts';

/** Something that firedrill, or a test of it, cannot do without. */
export interface DoctorRow {
  /** "node", "k6", ..., "cache". */
  readonly subject: string;
  readonly ok: boolean;
  /** Version that was found; null when none was. */
  readonly version: string | null;
  /** Oldest version that serves; null where versions play no part. */
  readonly minimum: string | null;
  readonly source: ToolSource | null;
  readonly path: string | null;
  /** Why it is not ok, a line for each place that was tried; empty when it is. */
  readonly problems: readonly string[];
  /** What to do about it; null when it is ok. */
  readonly fix: string | null;
  /** Only tests need it. */
  readonly optional?: true;
}

/** The environment that firedrill runs in. It is fit when every row is ok that is not optional. */
export interface DoctorReport {
  readonly ok: boolean;
  readonly rows: readonly DoctorRow[];
  /** Processors that this process may use. */
  readonly cores: number;
  /** Memory that this process may use, container limits counted. */
  readonly memoryBytes: number;
  /** Version of Go, with which tools can be built; null without. */
  readonly go: string | null;
  /** True where tools can come from Debian packages. */
  readonly apt: boolean;
}

/** The oldest Node that runs TypeScript without a build step; package.json states the same. */
const NODE_MINIMUM = '22.19.0';
const TIMEOUT_MS = 20_000;

/** Looks at the environment. Installs nothing unless `install` is true. Never rejects for what it finds. */
export async function collectDoctor({ install = false, ...options }: ResolveOptions = {}): Promise<DoctorReport> {
  const env = options.env ?? process.env;
  const search = { env: { PATH: env.PATH ?? '' }, timeoutMs: TIMEOUT_MS };
  const specs = BUNDLES.flatMap(({ tools }) => tools);
  const testSpecs = TEST_BUNDLES.flatMap(({ tools }) => tools);
  const [tools, testTools, cache, go, apt] = await Promise.all([
    Promise.all(specs.map((spec) => toolRow(spec, { ...options, install }))),
    Promise.all(testSpecs.map((spec) => toolRow(spec, { ...options, install: false }))),
    cacheRow(cacheFolder(env)),
    runCommand('go', ['env', 'GOVERSION'], search),
    runCommand('apt-get', ['--version'], search),
  ]);
  const optional = testTools.map((row): DoctorRow => ({ ...row, fix: null, optional: true }));
  const rows = [nodeRow(process.versions.node), ...tools, cache, ...optional];
  return {
    ok: rows.every((row) => row.ok || row.optional === true),
    rows,
    cores: availableParallelism(),
    // Without a container limit Node gives 0 or a number beyond any machine.
    memoryBytes: Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem()),
    go: go.ok ? go.stdout.trim().replace(/^go/, '') : null,
    apt: apt.ok,
  };
}

function nodeRow(version: string): DoctorRow {
  const ok = compareVersions(version, NODE_MINIMUM) >= 0;
  return {
    subject: 'node',
    ok,
    version,
    minimum: NODE_MINIMUM,
    source: null,
    path: process.execPath,
    problems: ok ? [] : ['it does not run TypeScript'],
    fix: ok ? null : 'fix: install Node 22.19 or later',
  };
}

async function toolRow({ tool, minimum }: ToolSpec, options: ResolveOptions): Promise<DoctorRow> {
  try {
    const { version, source, path } = await resolveTool(tool, options);
    return { subject: tool, ok: true, version, minimum, source, path, problems: [], fix: null };
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const missing = { version: null, source: null, path: null };
    const problems = error.reason.split('\n');
    return { subject: tool, ok: false, ...missing, minimum, problems, fix: error.hint ?? null };
  }
}

async function cacheRow(folder: string): Promise<DoctorRow> {
  const problem = await whyNotWritable(folder);
  return {
    subject: 'cache',
    ok: problem === null,
    version: null,
    minimum: null,
    source: null,
    path: folder,
    problems: problem === null ? [] : [problem],
    fix: problem === null ? null : 'fix: make it writable, or set XDG_CACHE_HOME to a folder that is',
  };
}

/** A folder that is not there yet can be written if the nearest one above it can. */
async function whyNotWritable(folder: string): Promise<string | null> {
  try {
    await access(folder, constants.W_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) return whyNotWritable(dirname(folder));
    return `${folder} is not writable (${code})`;
  }
}
