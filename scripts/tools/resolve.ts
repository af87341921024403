import { HarnessError } from '../process/harness-error.ts';
import { withMachineLock } from '../process/machine-lock.ts';
import { alertmanager } from './alertmanager.ts';
import { cacheFolder, publish } from './cache.ts';
import { type Finding, findTool } from './find.ts';
import { k6 } from './k6.ts';
import { prometheus } from './prometheus.ts';
import { TEST_BUNDLES } from './test-servers.ts';
import type { Attempt, Bundle, ResolvedTool, ToolName, ToolSpec } from './tool.ts';
import { readVersion } from './version.ts';

export interface ResolveOptions {
  /** Variables are read from here; `process.env` by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** False: look, but install nothing. */
  readonly install?: boolean;
  /** Told of what takes long, such as "installing k6 (go install ..., about 90 s)". */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly bundles?: readonly Bundle[];
}

/** Every bundle that firedrill knows; a further tool is one file and one entry here. */
export const BUNDLES: readonly Bundle[] = [k6, prometheus, alertmanager];

/** Another firedrill may be building the same tool: as long as that takes. */
const INSTALL_DEADLINE_MS = 25 * 60_000;

/**
 * The tool to use: from its variable, PATH, the cache, or installed into the cache.
 * @throws HarnessError when its variable is wrong or no source has it; it lists each source with its reason, and the fix.
 */
export async function resolveTool(tool: ToolName, options: ResolveOptions = {}): Promise<ResolvedTool> {
  const { env = process.env, install = true, signal } = options;
  const { bundle, spec } = lookUp(tool, options.bundles);
  const cacheDir = cacheFolder(env);
  const finding = await findTool(spec, { env, cacheDir, signal });
  if ('resolved' in finding) return finding.resolved;
  if (!install) throw notFound(bundle, spec, finding.tried, 'fix: firedrill doctor --install, or by hand: ');
  const name = `install-${bundle.bundle}`;
  const onWait = (pid: number) => options.onProgress?.(`waiting for ${bundle.bundle}: process ${pid} is installing it`);
  const installed = await withMachineLock(
    { cacheDir, name, onWait, deadlineMs: INSTALL_DEADLINE_MS, signal },
    async () => {
      // Whoever held the lock before may have installed it.
      const again = await findTool(spec, { env, cacheDir, signal });
      return 'resolved' in again ? again : installBundle(bundle, spec, cacheDir, options);
    },
  );
  if ('resolved' in installed) return installed.resolved;
  throw notFound(bundle, spec, [...finding.tried, ...installed.tried]);
}

/**
 * Several tools at once, by name.
 * @throws HarnessError that names all that are missing.
 */
export async function resolveTools<T extends ToolName>(
  tools: readonly T[],
  options: ResolveOptions = {},
): Promise<Record<T, ResolvedTool>> {
  const results = await Promise.allSettled(tools.map((tool) => resolveTool(tool, options)));
  const failures = results.filter((result) => result.status === 'rejected').map((result) => result.reason);
  const [first] = failures;
  if (failures.length > 1 && failures.every((error) => error instanceof HarnessError)) {
    throw new HarnessError(`${failures.length} tools are missing`, {
      reason: failures.map((error) => error.describe()).join('\n'),
      cause: first,
    });
  }
  if (first !== undefined) throw first;
  const found = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return Object.fromEntries(found.map((entry) => [entry.tool, entry])) as Record<T, ResolvedTool>;
}

/** The bundle and the description of a tool. */
export function lookUp(
  tool: ToolName,
  bundles: readonly Bundle[] = [...BUNDLES, ...TEST_BUNDLES],
): { bundle: Bundle; spec: ToolSpec } {
  for (const bundle of bundles) {
    const spec = bundle.tools.find((candidate) => candidate.tool === tool);
    if (spec !== undefined) return { bundle, spec };
  }
  throw new TypeError(`no bundle holds ${tool}`);
}

async function installBundle(
  bundle: Bundle,
  spec: ToolSpec,
  cacheDir: string,
  options: ResolveOptions,
): Promise<Finding> {
  const { env = process.env } = options;
  const tried: Attempt[] = [];
  for (const method of bundle.methods) {
    options.onProgress?.(`installing ${bundle.bundle} (${method.description}, about ${method.expectedSeconds} s)`);
    const result = await publish(cacheDir, bundle.bundle, async (into) => {
      const reason = await method.install({ into, cacheDir, env, signal: options.signal });
      options.signal?.throwIfAborted();
      return reason === null ? readVersion(spec.tool, `${into}/${spec.tool}`, options.signal) : { reason };
    });
    if ('reason' in result) {
      tried.push({ place: method.description, reason: result.reason });
      continue;
    }
    const finding = await findTool(spec, { env: {}, cacheDir, signal: options.signal });
    if ('resolved' in finding) return { resolved: { ...finding.resolved, source: 'installed' } };
    tried.push(...finding.tried.map(({ reason }) => ({ place: method.description, reason })));
  }
  return { tried };
}

function notFound(bundle: Bundle, spec: ToolSpec, tried: readonly Attempt[], fix = 'fix: '): HarnessError {
  return new HarnessError(`${spec.tool} ${spec.minimum} or later is needed and was not found`, {
    reason: tried.map(({ place, reason }) => `${place}: ${reason}`).join('\n'),
    hint: `${fix}${bundle.byHand(process.platform)}, or set ${spec.variable} to its path`,
  });
}
